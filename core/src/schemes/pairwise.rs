//! The `pairwise` scheme, which is compatible with the FastAPI services.
//!
//! The signature is HMAC-SHA-256 over `ts "." sender "." receiver "." METHOD "." path "." body`, in
//! lower-case hex. The timestamp is in seconds, and the method is in upper case. The path is not decoded and
//! does not include the query. The format has three limitations. The boundary between path and body is
//! ambiguous, the query and `X-User-ID` are not signed, and there is no nonce.

use super::claims::{Claims, Signature};
use super::pairwise_call::{PairwiseCall, SigningInput};
use super::signing::{SignError, Signing, check};
use super::user_id::user_id;
use crate::bytes::text::{ascii, known_ascii};
use crate::keys::source::KeyName;
use crate::mac::sha256::{HmacSha256, Mac};
use crate::policy::Policy;
use crate::policy::window::Timestamp;
use crate::wire::grammar;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

pub use super::user_id::USER_ID;

/// The header that contains the name of the sender.
pub const SERVICE_NAME: &str = "X-Service-Name";
/// The header that contains the time of signing in seconds since the Unix epoch.
pub const TIMESTAMP: &str = "X-Service-Timestamp";
/// The header that contains the MAC in lower-case hex.
pub const SIGNATURE: &str = "X-Service-Signature";
pub(crate) fn is_present(request: &Request<'_>) -> bool {
    [SERVICE_NAME, TIMESTAMP, SIGNATURE].into_iter().any(|name| request.has(name))
}

#[inline(always)] // avoids moving the large result
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
        // The format has no nonce, so the signature is used as the nonce.
        nonce: Some(signature)
            .filter(|_| policy.claim_pairwise)
            .and_then(|nonce| core::str::from_utf8(nonce).ok()),
        looks_before_mac: false,
        signature: Signature::Read(mac),
        // The user id is not signed, so it is read only if the policy trusts unsigned user ids.
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

/// Signs a request as `sender` and passes each header to `emit`. Set `sends_user` to `false` if another
/// scheme already adds `X-User-ID` to the request.
pub(crate) fn sign(
    key: &HmacSha256,
    sender: &str,
    sends_user: bool,
    request: &Request<'_>,
    signing: &Signing<'_>,
    emit: &mut impl FnMut(&'static str, &str),
) -> Result<(), SignError> {
    check(Scheme::Pairwise, request, signing)?;
    let call = PairwiseCall {
        sender,
        receiver: signing.receiver,
        method: request.method,
        path: request.path(),
        body: signing.body,
        timestamp_s: signing.now_ms / 1000,
    };
    let signature = call.signature(key);
    emit(SERVICE_NAME, sender);
    emit(TIMESTAMP, itoa::Buffer::new().format(call.timestamp_s));
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
