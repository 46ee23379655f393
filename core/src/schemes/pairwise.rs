//! The `pairwise` scheme, compatible with the FastAPI services.
//!
//! HMAC-SHA-256 over `ts "." sender "." receiver "." METHOD "." path "." body`, in lower-case hex. The
//! timestamp is in seconds, the method in upper case, and the path is the raw path without the query. The
//! format has three limits: the boundary between path and body is ambiguous, the query and `X-User-ID` are
//! not signed, and there is no nonce.

use super::claims::{Claims, Signature};
use super::signing::{SignError, Signing, check};
use super::user_id::user_id;
use crate::bytes::hex;
use crate::bytes::sink::Sink;
use crate::bytes::text::{ascii, known_ascii};
use crate::keys::source::KeyName;
use crate::mac::sha256::{HmacSha256, HmacSha256Stream, Mac};
use crate::policy::Policy;
use crate::policy::window::Timestamp;
use crate::wire::grammar;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

pub use super::user_id::USER_ID;

/// The sending service.
pub const SERVICE_NAME: &str = "X-Service-Name";
/// The timestamp in seconds since the Unix epoch.
pub const TIMESTAMP: &str = "X-Service-Timestamp";
/// The MAC in hex.
pub const SIGNATURE: &str = "X-Service-Signature";
const SEPARATOR: &[u8] = b".";

/// The parts of a signing input without the body, which follows them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SigningInput<'a> {
    pub(crate) timestamp: &'a [u8],
    pub(crate) sender: &'a [u8],
    pub(crate) receiver: &'a [u8],
    pub(crate) method: &'a [u8],
    pub(crate) path: &'a [u8],
}

impl SigningInput<'_> {
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        for part in [self.timestamp, self.sender, self.receiver] {
            sink.put(part);
            sink.put(SEPARATOR);
        }
        for letter in self.method {
            sink.put(&[letter.to_ascii_uppercase()]);
        }
        for part in [SEPARATOR, self.path, SEPARATOR] {
            sink.put(part);
        }
    }
}

pub(crate) fn is_present(request: &Request<'_>) -> bool {
    [SERVICE_NAME, TIMESTAMP, SIGNATURE].into_iter().any(|name| request.has(name))
}

pub(crate) fn read<'a>(
    request: &Request<'a>,
    policy: &'a Policy,
) -> Result<(Claims<'a>, SigningInput<'a>), Fault> {
    let [sender, timestamp, signature] = request.required([SERVICE_NAME, TIMESTAMP, SIGNATURE])?;
    let name = ascii(sender).filter(|_| grammar::is_service_name(sender));
    let name = name.ok_or(Fault::malformed(SERVICE_NAME))?;
    let created = grammar::timestamp(timestamp).ok_or(Fault::malformed(TIMESTAMP))?;
    let mac = Mac::from_hex(signature).ok_or(Fault::malformed(SIGNATURE))?;
    let receiver = policy.service.as_str();
    let claims = Claims {
        name_as_sent: name,
        key: KeyName::Pair(name, receiver),
        key_version: None,
        created: Ok(Timestamp::seconds(created)),
        expires: None,
        // The signature serves as the nonce, because the format has none. It is hexadecimal and therefore
        // text.
        nonce: Some(signature)
            .filter(|_| policy.claim_pairwise)
            .and_then(|nonce| core::str::from_utf8(nonce).ok()),
        looks_before_mac: false,
        signature: Signature::Read(mac),
        // The user id is not signed, so it is not read unless the policy trusts it.
        user_id: if policy.trust_unsigned_user_id { user_id(request)? } else { None },
    };
    let input = SigningInput {
        timestamp,
        sender,
        receiver: receiver.as_bytes(),
        method: request.method,
        path: request.path(),
    };
    Ok((claims, input))
}

/// Signs a request as `sender` and passes each header to `emit`. `sends_user` is `false` if another scheme of
/// the same request sends `X-User-ID`.
pub(crate) fn sign(
    key: &HmacSha256,
    sender: &str,
    sends_user: bool,
    request: &Request<'_>,
    signing: &Signing<'_>,
    emit: &mut impl FnMut(&'static str, &str),
) -> Result<(), SignError> {
    check(Scheme::Pairwise, request, signing)?;
    let mut digits = itoa::Buffer::new();
    let timestamp = digits.format(signing.now_ms / 1000);
    let input = SigningInput {
        timestamp: timestamp.as_bytes(),
        sender: sender.as_bytes(),
        receiver: signing.receiver.as_bytes(),
        method: request.method,
        path: request.path(),
    };
    let mut stream = HmacSha256Stream::<1>::idle();
    stream.begin([key]);
    input.write(&mut stream);
    stream.put(signing.body);
    let signature = hex::encode::<32, 64>(stream.mac().as_bytes());
    emit(SERVICE_NAME, sender);
    emit(TIMESTAMP, timestamp);
    emit(SIGNATURE, known_ascii(&signature));
    signing.user_id.filter(|_| sends_user).into_iter().for_each(|user| emit(USER_ID, user));
    Ok(())
}

pub(crate) fn public_text(reason: Reason, field: Option<&str>) -> &'static str {
    match (reason, field) {
        (Reason::MissingHeaders | Reason::DuplicateHeader, _) => "Missing service authentication headers",
        (Reason::MalformedHeader, Some(TIMESTAMP)) => "Invalid timestamp format",
        _ => "Invalid service authentication signature",
    }
}
