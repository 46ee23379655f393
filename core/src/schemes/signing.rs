//! Types for signing that all schemes share.

use crate::http_signature::problem::ComponentError;
use crate::policy::window::UNKNOWN_TIME_MS;
use crate::wire::grammar;
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// The identifier of the component that is covered unless the signer omits it.
pub(crate) const AUTHORITY: &str = "@authority";

/// The optional components of a `message` signature.
#[derive(Clone, Copy, Debug)]
pub struct Coverage<'s> {
    /// Whether `@authority` is covered. Disable it behind proxies that rewrite the authority.
    pub authority: bool,
    /// Header fields, in lower case, that are covered if the request has them.
    pub fields: &'s [&'s str],
}

impl Default for Coverage<'_> {
    fn default() -> Self {
        Self { authority: true, fields: &[] }
    }
}

/// The data to sign in addition to the head of the request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signing<'a> {
    /// The name of the receiving service. Not required for client keys.
    pub receiver: &'a str,
    /// The body, exactly as it is sent.
    pub body: &'a [u8],
    /// The user on whose behalf the request is sent.
    pub user_id: Option<&'a str>,
    /// The nonce, which also serves as the request id. Must be unique per sender.
    pub nonce: &'a str,
    /// The time in milliseconds since the Unix epoch.
    pub now_ms: u64,
}

/// The reason why a request was not signed. No header of the scheme was emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The key ring contains no key for this name or pair.
    NoKey(Scheme),
    /// The name of the sender or receiver is not valid in the scheme.
    Name,
    /// The method is not a valid token.
    Method,
    /// The target is not in origin-form, or contains a space, control character or fragment.
    Target,
    /// The nonce is not 1 to 128 characters of `A-Z a-z 0-9 . _ -`. With only the scheme `client`, all
    /// visible ASCII characters except `:` are allowed.
    Nonce,
    /// The user id is not 1 to 128 visible ASCII characters.
    UserId,
    /// A component to be covered is missing, or contains characters that cannot be sent.
    Component(ComponentError),
    /// The request already contains a header that signing adds.
    Present(&'static str),
    /// The signature headers would exceed the maximum length.
    TooLong,
    /// The clock failed: the time is [`UNKNOWN_TIME_MS`].
    UnknownTime,
}

impl core::fmt::Display for SignError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NoKey(scheme) => {
                return write!(f, "no key for this sender and receiver to sign {scheme} with; add one to the key ring");
            }
            Self::Name => "the sender's or receiver's name is not valid: services are 1 to 64 of A-Z a-z 0-9 _ -, client \
                           ids 1 to 128 visible ASCII characters without : , \" and backslash",
            Self::Method => "the method is not an HTTP token",
            Self::Target => "the target must start with / and be percent-encoded, without spaces or a fragment",
            Self::Nonce => {
                "the request id must be 1 to 128 of A-Z a-z 0-9 . _ -; \
                 the client scheme also permits other visible ASCII characters except :"
            }
            Self::UserId => "the user id must be 1 to 128 visible ASCII characters",
            Self::Component(error) if error.component.as_str() == AUTHORITY => {
                return write!(f, "{error}; sign an absolute URL, or give the authority or a Host header");
            }
            Self::Component(error) => return write!(f, "{error}"),
            Self::Present(name) => {
                return write!(f, "the request already has the header {name}, which signing adds; remove it");
            }
            Self::TooLong => "the signature headers would be too long; cover fewer components",
            Self::UnknownTime => "the clock failed, so the time is unknown",
        }
        .fmt(f)
    }
}

impl core::error::Error for SignError {}

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
