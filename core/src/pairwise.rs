//! The `pairwise` scheme, as the FastAPI services speak it.
//!
//! HMAC-SHA-256 over `ts "." sender "." receiver "." METHOD "." path "." body`, in lower-case hex. The timestamp counts
//! whole seconds, the method is upper-cased, the path is the raw one without the query. Three limits belong to the
//! format and stay: the boundary of path and body is ambiguous, the query and `X-User-ID` are unsigned, and there is no
//! nonce.

use crate::keys::KeyName;
use crate::pipeline::{Credentials, Input, Signature};
use crate::policy::Policy;
use crate::rejection::Fault;
use crate::sink::Sink;
use crate::text::ascii;
use crate::window::Timestamp;
use crate::{Reason, Request, Scheme, grammar, mac::Mac};

/// The sending service.
pub const SERVICE_NAME: &str = "X-Service-Name";
/// Seconds since the Unix epoch.
pub const TIMESTAMP: &str = "X-Service-Timestamp";
/// The MAC in hex.
pub const SIGNATURE: &str = "X-Service-Signature";
/// The user a request is made for. Not covered by this scheme's MAC.
pub const USER_ID: &str = "X-User-ID";

const SEPARATOR: &[u8] = b".";

/// The parts of a signing input but the body, which follows them.
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

pub(crate) fn read<'a>(request: &Request<'a>, policy: &'a Policy) -> Result<Credentials<'a, 'a>, Fault> {
    let [sender, timestamp, signature] = request.required([SERVICE_NAME, TIMESTAMP, SIGNATURE])?;
    let name = ascii(sender).filter(|_| grammar::is_service_name(sender));
    let name = name.ok_or(Fault::malformed(SERVICE_NAME))?;
    let created = grammar::timestamp(timestamp).ok_or(Fault::malformed(TIMESTAMP))?;
    let mac = Mac::from_hex(signature).ok_or(Fault::malformed(SIGNATURE))?;
    let receiver = policy.service.as_str();
    Ok(Credentials {
        scheme: Scheme::Pairwise,
        sender: name,
        key: KeyName::Pair(name, receiver),
        key_version: None,
        created: Ok(Timestamp::seconds(created)),
        expires: None,
        // The signature stands in for the nonce this format lacks: hex, so it is text.
        nonce: Some(signature)
            .filter(|_| policy.claim_pairwise)
            .and_then(|nonce| core::str::from_utf8(nonce).ok()),
        looks_before_mac: false,
        signature: Signature::Read(mac),
        user_id: user_id(request, policy)?,
        input: Input::Pairwise(SigningInput {
            timestamp,
            sender,
            receiver: receiver.as_bytes(),
            method: request.method,
            path: request.path(),
        }),
    })
}

/// The user id is not signed, so it is not looked at unless the caller chose to trust it.
fn user_id<'a>(request: &Request<'a>, policy: &Policy) -> Result<Option<&'a str>, Fault> {
    if !policy.trust_unsigned_user_id {
        return Ok(None);
    }
    let Some(value) = request.single(USER_ID)? else { return Ok(None) };
    let text = ascii(value).filter(|_| grammar::is_user_id(value));
    text.map(Some).ok_or(Fault::malformed(USER_ID))
}

pub(crate) fn public_text(reason: Reason, field: Option<&str>) -> &'static str {
    match (reason, field) {
        (Reason::MissingHeaders | Reason::DuplicateHeader, _) => "Missing service authentication headers",
        (Reason::MalformedHeader, Some(TIMESTAMP)) => "Invalid timestamp format",
        _ => "Invalid service authentication signature",
    }
}
