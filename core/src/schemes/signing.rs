//! The data that all schemes need to sign a request.

use crate::http_signature::problem::ComponentError;
use crate::wire::grammar;
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// The component that a request cannot lack unless the signer leaves it out.
pub(crate) const AUTHORITY: &str = "@authority";

/// The components of a `message` signature besides method, path, query, body and user.
#[derive(Clone, Copy, Debug)]
pub struct Coverage<'s> {
    /// Whether `@authority` is covered; off behind proxies that rewrite it.
    pub authority: bool,
    /// Header fields covered when they are sent, in lower case.
    pub fields: &'s [&'s str],
}

impl Default for Coverage<'_> {
    fn default() -> Self {
        Self { authority: true, fields: &[] }
    }
}

/// The signed data besides the head of the request.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signing<'a> {
    /// The service called: the other half of a pair. Not needed for client keys.
    pub receiver: &'a str,
    /// The body's bytes, exactly as they are sent.
    pub body: &'a [u8],
    /// The user the request is made for.
    pub user_id: Option<&'a str>,
    /// The nonce, which is also the request id: unique per request and sender.
    pub nonce: &'a str,
    /// Milliseconds since the Unix epoch.
    pub now_ms: u64,
}

/// The reason why a request could not be signed. No header of the scheme has been emitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// No key set holds the name or pair.
    NoKey(Scheme),
    /// The sender's or receiver's name is not of the scheme's grammar.
    Name,
    /// The method is not a token.
    Method,
    /// The target is not in origin-form, or holds what cannot be sent: a space, a control character, a fragment.
    Target,
    /// The nonce is not 1 to 128 visible ASCII characters without `:`, or in another scheme than `client` not 1 to 128 of
    /// `A-Z a-z 0-9 . _ -`.
    Nonce,
    /// The user id is not 1 to 128 visible ASCII characters.
    UserId,
    /// A component to be covered is missing, or holds what cannot be sent.
    Component(ComponentError),
    /// The request already has a header that signing adds.
    Present(&'static str),
    /// The signature headers would be longer than Sealwire sends.
    TooLong,
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
        }
        .fmt(f)
    }
}

impl core::error::Error for SignError {}

pub(crate) fn check(scheme: Scheme, request: &Request<'_>, signing: &Signing<'_>) -> Result<(), SignError> {
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
