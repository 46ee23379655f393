//! The `client` scheme, which is compatible with the Express IAM and the Nuxt gateway.
//!
//! The signature is HMAC-SHA-256 over `client_id ":" ts ":" METHOD ":" url ":" request_id`, in lower-case
//! hex. The timestamp is in milliseconds, and the URL includes the query. Only the URL may contain `:`, so
//! the signing input cannot be ambiguous. The body, the host and the receiver are not signed.

use super::claims::{Claims, Signature};
use super::signing::{SignError, Signing, check};
use crate::bytes::hex;
use crate::bytes::sink::Sink;
use crate::bytes::text::{ascii, known_ascii};
use crate::keys::source::KeyName;
use crate::mac::sha256::{HmacSha256, HmacSha256Stream};
use crate::policy::window::Timestamp;
use crate::wire::grammar;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;
use core::net::IpAddr;

/// The header that contains the client id. The client id selects the key.
pub const CLIENT_ID: &str = "X-Client-Id";
/// The header that contains the time of signing in milliseconds since the Unix epoch.
pub const TIMESTAMP: &str = "X-Timestamp";
/// The header that contains the nonce, which must be different in each request.
pub const REQUEST_ID: &str = "X-Request-ID";
/// The header that contains the MAC in lower-case hex.
pub const SIGNATURE: &str = "X-Signature";

const SEPARATOR: &[u8] = b":";

/// The parts of a signing input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SigningInput<'a> {
    pub(crate) client_id: &'a [u8],
    pub(crate) timestamp: &'a [u8],
    pub(crate) method: &'a [u8],
    pub(crate) url: &'a [u8],
    pub(crate) request_id: &'a [u8],
}

impl SigningInput<'_> {
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        let mut put = |part: &[u8]| {
            sink.put(part);
            sink.put(SEPARATOR);
        };
        put(self.client_id);
        put(self.timestamp);
        put(self.method);
        put(self.url);
        sink.put(self.request_id);
    }
}

pub(crate) fn is_present(request: &Request<'_>) -> bool {
    request.has(CLIENT_ID) || request.has(SIGNATURE)
}

/// Reads the four headers. The timestamp and the signature are checked later, as this scheme specifies.
#[inline(always)] // avoids moving the large result
pub(crate) fn read<'a>(request: &Request<'a>) -> Result<(Claims<'a>, SigningInput<'a>), Fault> {
    let [client_id, timestamp, signature, request_id] =
        request.required([CLIENT_ID, TIMESTAMP, SIGNATURE, REQUEST_ID])?;
    let name_as_sent = text(client_id, grammar::is_client_id, CLIENT_ID)?;
    let nonce = text(request_id, grammar::is_request_id, REQUEST_ID)?;
    let created = grammar::timestamp(timestamp).map(Timestamp::milliseconds);
    let claims = Claims {
        name_as_sent,
        key: KeyName::Client(name_as_sent),
        key_version: None,
        created: created.ok_or(Fault::malformed(TIMESTAMP)),
        expires: None,
        nonce: Some(nonce),
        looks_before_mac: true,
        signature: Signature::Hex(signature, SIGNATURE),
        user_id: None,
    };
    let input =
        SigningInput { client_id, timestamp, method: request.method, url: request.target, request_id };
    Ok((claims, input))
}

fn text<'a>(value: &'a [u8], valid: fn(&[u8]) -> bool, name: &'static str) -> Result<&'a str, Fault> {
    let text = ascii(value).filter(|_| valid(value));
    text.ok_or(Fault::malformed(name))
}

/// Signs a request as the client `name` and passes each header to `emit`.
pub(crate) fn sign(
    key: &HmacSha256,
    name: &str,
    request: &Request<'_>,
    signing: &Signing<'_>,
    emit: &mut impl FnMut(&'static str, &str),
) -> Result<(), SignError> {
    let mut digits = itoa::Buffer::new();
    let timestamp = digits.format(signing.now_ms);
    let input = SigningInput {
        client_id: name.as_bytes(),
        timestamp: timestamp.as_bytes(),
        method: request.method,
        url: request.target,
        request_id: signing.nonce.as_bytes(),
    };
    let mut stream = HmacSha256Stream::<1>::idle();
    stream.begin([key]);
    input.write(&mut stream);
    // The check is placed after the first hash block, because the processor can then do both at the same
    // time.
    check(Scheme::Client, request, signing)?;
    if !grammar::is_client_id(name.as_bytes()) {
        return Err(SignError::Name);
    }
    let signature = hex::encode::<32, 64>(stream.mac().as_bytes());
    emit(CLIENT_ID, name);
    emit(TIMESTAMP, timestamp);
    emit(SIGNATURE, known_ascii(&signature));
    emit(REQUEST_ID, signing.nonce);
    Ok(())
}

/// Returns the public message for a rejection, which is one of the five messages of the original Express
/// implementation.
pub(crate) fn public_text(reason: Reason, field: Option<&str>) -> &'static str {
    match (reason, field) {
        (Reason::MalformedHeader, Some(CLIENT_ID)) => "Unknown client",
        (Reason::MalformedHeader, Some(REQUEST_ID)) => "Missing auth headers",
        (Reason::MalformedHeader, Some(TIMESTAMP)) => "Stale timestamp",
        (Reason::MissingHeaders | Reason::DuplicateHeader, _) => "Missing auth headers",
        (Reason::UnknownClient | Reason::SenderNotAllowed | Reason::UnknownKeyVersion, _) => "Unknown client",
        (Reason::StaleTimestamp | Reason::FutureTimestamp, _) => "Stale timestamp",
        (Reason::Replayed, _) => "Replay detected",
        _ => "Buffer Doesn't match",
    }
}

/// Returns `true` for a `GET /health` request from a loopback address. This health check requires no
/// signature. `peer` must be the remote address of the socket, not the value of a header.
#[must_use]
pub fn is_local_health_check(method: &[u8], target: &[u8], peer: &str) -> bool {
    let path = target.split(|byte| *byte == b'?').next();
    let local = peer.parse::<IpAddr>().is_ok_and(|address| match address.to_canonical() {
        IpAddr::V4(address) => address.octets() == [127, 0, 0, 1],
        IpAddr::V6(address) => address.is_loopback(),
    });
    local && method == b"GET" && path == Some(b"/health")
}
