//! Errors of signing.

use sealwire_core::SignError as CoreError;
use sealwire_host::NoRandomness;

/// The reason why a request was not signed. The request must not be sent.
///
/// ```
/// use sealwire::{KeyRing, KeySet, SignError, Signer};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
/// let request = http::Request::get("https://practices.internal/").header("host", "other.internal").body("")?;
/// assert!(matches!(signer.sign(request), Err(SignError::Host { .. })));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The request is invalid, or the key ring has no key for it.
    Request(CoreError),
    /// The operating system provides no random bytes.
    NoRandomness,
    /// The `Host` header differs from the host of the URL.
    Host {
        /// The value of the `Host` header.
        header: String,
        /// The host of the URL.
        url: String,
    },
    /// The client does not sign requests to this origin.
    Origin {
        /// The origin of the request.
        origin: String,
        /// The origin that redirected to `origin`, if a redirect caused the request.
        from: Option<String>,
        /// The allowed origins.
        allowed: Vec<String>,
    },
    /// The signature covers the body, but the body is a stream.
    Stream,
    /// The URL cannot be signed.
    Url(String),
    /// The function in the setting `clock` panicked, or did not return Unix milliseconds.
    Clock,
}

impl From<CoreError> for SignError {
    fn from(error: CoreError) -> Self {
        Self::Request(error)
    }
}

impl From<NoRandomness> for SignError {
    fn from(_: NoRandomness) -> Self {
        Self::NoRandomness
    }
}

impl std::fmt::Display for SignError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Request(error) => error.fmt(f),
            Self::NoRandomness => NoRandomness.fmt(f),
            Self::Host { header, url } => write!(
                f,
                "not signed: the Host header is {header:?}, but the URL goes to {url}; remove the header, or call that host"
            ),
            Self::Origin { origin, from, allowed } => {
                let allowed = allowed.join(", ");
                match from {
                    Some(from) => write!(f, "not signed: a redirect leads from {from} to {origin}"),
                    None => write!(f, "not signed: the request goes to {origin}"),
                }?;
                write!(
                    f,
                    ", and this client signs for {allowed}. The request was not sent. If the keys are meant for it too, add it to origins"
                )
            }
            Self::Stream => f.write_str(
                "not signed: the signature covers the body, so pass the body as bytes, not as a stream",
            ),
            Self::Clock => f.write_str(
                "not signed: the function given to clock panicked, or did not return Unix milliseconds",
            ),
            Self::Url(advice) => write!(f, "not signed: {advice}"),
        }
    }
}

impl std::error::Error for SignError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Request(error) => Some(error),
            _ => None,
        }
    }
}
