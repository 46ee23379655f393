//! Rejected requests.

use std::sync::Arc;

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Response, StatusCode};
use sealwire_core::{Mode, Reason, Rejection as CoreRejection, Scheme};
use sealwire_host::response;

/// The reason why a request was rejected, with details for the log and the response for the caller. A
/// rejection contains no signature, secret or body.
///
/// ```
/// use sealwire::{KeyRing, KeySet, Reason, ReplayTable, Verifier};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
///
/// let rejection = verifier.verify(&http::Request::get("/patients").body("")?).unwrap_err();
/// assert_eq!(rejection.reason(), Reason::MissingHeaders);
/// let response: http::Response<&str> = rejection.response();
/// assert_eq!(response.status(), 401);
/// assert_eq!(response.headers()["www-authenticate"], "Sealwire realm=\"practices\"");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Rejection(Box<Parts>);

#[derive(Clone, PartialEq, Eq)]
struct Parts {
    rejection: CoreRejection,
    service: Arc<str>,
}

impl Rejection {
    pub(crate) fn new(rejection: CoreRejection, service: &Arc<str>) -> Self {
        Self(Box::new(Parts { rejection, service: service.clone() }))
    }

    /// Returns the reason of the rejection.
    #[must_use]
    pub fn reason(&self) -> Reason {
        self.0.rejection.reason
    }

    /// Returns the scheme of the signature, or the preferred scheme if the request has no signature.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.0.rejection.scheme
    }

    /// Returns the name of the invalid header or component. Returns `None` if the cause is not a single
    /// header or component.
    #[must_use]
    pub fn field(&self) -> Option<&'static str> {
        self.0.rejection.field
    }

    /// Returns the canonical sender name in the request, or an empty string if there is none. The name is
    /// not authenticated.
    #[must_use]
    pub fn sender(&self) -> &str {
        self.0.rejection.sender.as_str()
    }

    /// Returns the key version in the request, which is not authenticated.
    #[must_use]
    pub fn key_version(&self) -> Option<u32> {
        self.0.rejection.key_version
    }

    /// Returns the age of the request in milliseconds, calculated from the unauthenticated timestamp in the
    /// request.
    #[must_use]
    pub fn age_ms(&self) -> Option<i64> {
        self.0.rejection.age_ms
    }

    /// Returns the mode that applies to this sender. A middleware rejects the request only under
    /// [`Mode::Enforce`].
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.0.rejection.mode
    }

    /// Returns the HTTP status of the response.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.rejection.http_status()).unwrap_or(StatusCode::UNAUTHORIZED)
    }

    /// Returns the text to send to the caller.
    #[must_use]
    pub fn public_text(&self) -> &'static str {
        self.0.rejection.public_text()
    }

    /// Returns the response to the caller, with status, headers and text.
    #[must_use]
    pub fn response<B: From<&'static str>>(&self) -> Response<B> {
        let mut response = Response::new(B::from(self.public_text()));
        *response.status_mut() = self.status();
        *response.headers_mut() = self.headers();
        response
    }

    /// Returns the headers of the response as names and values.
    pub(crate) fn fields(&self) -> impl Iterator<Item = (&'static str, String)> {
        let challenge = response::challenge(&self.0.rejection, &self.0.service);
        let challenge = challenge.map(|value| (response::CHALLENGE, value));
        let uncached = (response::CACHE_CONTROL, response::REJECTED_CACHE_CONTROL.to_owned());
        let text = (CONTENT_TYPE.as_str(), "text/plain; charset=utf-8".to_owned());
        [text, uncached].into_iter().chain(challenge)
    }

    fn headers(&self) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in self.fields() {
            if let (Ok(name), Ok(value)) =
                (http::HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value))
            {
                headers.insert(name, value);
            }
        }
        headers
    }
}

impl<B: From<&'static str>> From<Rejection> for Response<B> {
    fn from(rejection: Rejection) -> Self {
        rejection.response()
    }
}

impl std::fmt::Debug for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.rejection.fmt(f)
    }
}

impl std::fmt::Display for Rejection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.rejection.fmt(f)
    }
}

impl std::error::Error for Rejection {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0.rejection)
    }
}
