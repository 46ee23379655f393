//! Errors of the client.

use crate::sign_error::SignError;

/// The reason why a request failed.
///
/// ```
/// use sealwire::SignError;
///
/// let error = sealwire::reqwest::Error::from(SignError::Stream);
/// assert!(error.to_string().starts_with("not signed: "));
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The request could not be signed and was not sent.
    Sign(SignError),
    /// reqwest reported an error.
    Http(reqwest::Error),
    /// The service redirected more often than the limit allows.
    TooManyRedirects(usize),
}

impl From<SignError> for Error {
    fn from(error: SignError) -> Self {
        Self::Sign(error)
    }
}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Self {
        Self::Http(error)
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sign(error) => error.fmt(f),
            Self::Http(error) => error.fmt(f),
            Self::TooManyRedirects(limit) => write!(f, "the service redirected more than {limit} times"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Sign(error) => Some(error),
            Self::Http(error) => Some(error),
            Self::TooManyRedirects(_) => None,
        }
    }
}
