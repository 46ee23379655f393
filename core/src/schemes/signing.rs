//! Types for signing that are common to all schemes.

use crate::http_signature::problem::ComponentError;
use crate::policy::window::UNKNOWN_TIME_MS;
use crate::wire::grammar;
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// The optional components of a `message` signature.
#[derive(Clone, Copy, Debug)]
pub struct Coverage<'s> {
    /// Whether the signature covers `@authority`. Disable this option if a proxy rewrites the authority.
    pub authority: bool,
    /// The lower-case names of header fields that the signature covers if the request contains them.
    pub fields: &'s [&'s str],
}

impl Default for Coverage<'_> {
    fn default() -> Self {
        Self { authority: true, fields: &[] }
    }
}

/// The inputs to a signature that are not part of the request head.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signing<'a> {
    /// The name of the receiving service. The name is not required for client keys.
    pub receiver: &'a str,
    /// The body, exactly as it is sent.
    pub body: &'a [u8],
    /// The user on whose behalf the request is sent.
    pub user_id: Option<&'a str>,
    /// The nonce, which is also the request id. A sender must never use a nonce twice.
    pub nonce: &'a str,
    /// The current time in milliseconds since the Unix epoch.
    pub now_ms: u64,
}

/// The reason why a request was not signed. If signing fails, no headers are emitted for the scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// The key ring contains no key for this name or pair.
    #[error("no key for this sender and receiver to sign {0} with; add one to the key ring")]
    NoKey(Scheme),
    /// The name of the sender or receiver is not valid for the scheme.
    #[error(
        "the sender's or receiver's name is not valid: services are 1 to 64 of A-Z a-z 0-9 _ -, client ids 1 to 128 visible \
         ASCII characters without : , \" and backslash"
    )]
    Name,
    /// The method is not a valid token.
    #[error("the method is not an HTTP token")]
    Method,
    /// The target is not in origin-form, or it contains a space, a control character or a fragment.
    #[error("the target must start with / and be percent-encoded, without spaces or a fragment")]
    Target,
    /// The nonce is not 1 to 128 characters from `A-Z a-z 0-9 . _ -`. If `client` is the only scheme, all
    /// visible ASCII characters except `:` are allowed.
    #[error(
        "the request id must be 1 to 128 of A-Z a-z 0-9 . _ -; \
         the client scheme also permits other visible ASCII characters except :"
    )]
    Nonce,
    /// The user id is not 1 to 128 visible ASCII characters.
    #[error("the user id must be 1 to 128 visible ASCII characters")]
    UserId,
    /// A component that must be covered is missing, or it contains characters that cannot be signed.
    #[error("{0}{hint}", hint = hint(.0))]
    Component(ComponentError),
    /// The request already contains a header that the signer adds.
    #[error("the request already has the header {0}, which signing adds; remove it")]
    Present(&'static str),
    /// The signature headers would be longer than the maximum length.
    #[error("the signature headers would be too long; cover fewer components")]
    TooLong,
    /// The clock failed. The current time is [`UNKNOWN_TIME_MS`].
    #[error("the clock failed, so the time is unknown")]
    UnknownTime,
}

fn hint(error: &ComponentError) -> &'static str {
    if error.component.as_str() == "@authority" {
        "; sign an absolute URL, or set the authority or a Host header"
    } else {
        ""
    }
}

pub(crate) fn check(scheme: Scheme, request: &Request<'_>, signing: &Signing<'_>) -> Result<(), SignError> {
    if signing.now_ms == UNKNOWN_TIME_MS {
        return Err(SignError::UnknownTime);
    }
    if !grammar::is_method(request.method) {
        return Err(SignError::Method);
    }
    if !grammar::is_target(request.target) {
        return Err(SignError::Target);
    }
    let is_nonce = if scheme == Scheme::Client { grammar::is_request_id } else { grammar::is_nonce };
    if !is_nonce(signing.nonce.as_bytes()) {
        return Err(SignError::Nonce);
    }
    if signing.user_id.is_some_and(|user| !grammar::is_user_id(user.as_bytes())) {
        return Err(SignError::UserId);
    }
    Ok(())
}
