//! A client that signs requests.

use http::{Method, Uri};
use reqwest::{Body, Request, RequestBuilder, Response};
use sealwire_core::UrlError;
use url::Url;

use super::error::Error;
use super::origins::Origins;
use super::redirect::{becomes_get, target, without_body};
use crate::sign_error::SignError;
use crate::signer::Signer;

/// An HTTP client that signs every attempt. It is cheap to clone.
///
/// The client signs only requests to allowed origins. A redirect to an allowed origin is signed again. A
/// redirect to another origin is an error, because the client would send the body to that origin.
///
/// ```no_run
/// # async fn call() -> Result<(), Box<dyn std::error::Error>> {
/// use sealwire::{KeyRing, Signer, reqwest::Client};
///
/// let keys = KeyRing::from_env("agent")?;
/// let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
/// let client = Client::builder(signer).base("https://practices.internal").build()?;
/// let response = client.send(client.get("/patients/7")).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    pub(super) http: reqwest::Client,
    pub(super) signer: Signer,
    pub(super) base: Option<Url>,
    pub(super) origins: Origins,
    pub(super) max_redirects: usize,
}

impl Client {
    /// Creates a GET request to a URL, or to a path relative to the base. Send it with [`Client::send`].
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// Creates a POST request.
    pub fn post(&self, url: &str) -> RequestBuilder {
        self.request(Method::POST, url)
    }

    /// Creates a PUT request.
    pub fn put(&self, url: &str) -> RequestBuilder {
        self.request(Method::PUT, url)
    }

    /// Creates a PATCH request.
    pub fn patch(&self, url: &str) -> RequestBuilder {
        self.request(Method::PATCH, url)
    }

    /// Creates a DELETE request.
    pub fn delete(&self, url: &str) -> RequestBuilder {
        self.request(Method::DELETE, url)
    }

    /// Creates a request. An invalid URL is reported when the request is sent.
    pub fn request(&self, method: Method, url: &str) -> RequestBuilder {
        match self.base.as_ref().map(|base| base.join(url)) {
            Some(Ok(url)) => self.http.request(method, url),
            _ => self.http.request(method, url),
        }
    }

    /// Returns a client that sends requests on behalf of a user.
    #[must_use]
    pub fn for_user(&self, user_id: &str) -> Self {
        Self { signer: self.signer.for_user(user_id), ..self.clone() }
    }

    /// Signs and sends a request. Do not call `RequestBuilder::send`, which sends the request without a
    /// signature.
    ///
    /// # Errors
    /// Returns an [`Error::Sign`] if the request cannot be signed, [`Error::Http`] for a reqwest error, and
    /// [`Error::TooManyRedirects`].
    pub async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        self.execute(request.build()?).await
    }

    /// Signs and sends a request, like [`Client::send`].
    ///
    /// # Errors
    /// Returns the same errors as [`Client::send`].
    pub async fn execute(&self, request: Request) -> Result<Response, Error> {
        let mut next = request;
        let mut from = None;
        for _ in 0..=self.max_redirects {
            let kept = next.try_clone();
            let (method, url, headers) = (next.method().clone(), next.url().clone(), next.headers().clone());
            let response = self.http.execute(self.signed(next, from.as_ref())?).await?;
            let Some(location) = target(&response).filter(|_| self.max_redirects > 0) else {
                return Ok(response);
            };
            let becomes_get = becomes_get(&method, response.status());
            next = match kept {
                Some(kept) => kept,
                None if becomes_get => {
                    let mut bodiless = Request::new(method, url);
                    *bodiless.headers_mut() = headers;
                    bodiless
                }
                None => return Err(SignError::Stream.into()),
            };
            if becomes_get {
                without_body(&mut next);
            }
            from = Some(std::mem::replace(next.url_mut(), location));
        }
        Err(Error::TooManyRedirects(self.max_redirects))
    }

    /// Adds the signature headers to a request. If the request follows a redirect, `from` is the URL of the
    /// redirecting response.
    fn signed(&self, mut request: Request, from: Option<&Url>) -> Result<Request, SignError> {
        self.origins.check(request.url(), from)?;
        let uri = Uri::try_from(request.url().as_str());
        let uri = uri.map_err(|_| SignError::Url(UrlError::NotAbsolute.to_string()))?;
        let body = match request.body().map(Body::as_bytes) {
            None => b"".as_slice(),
            Some(Some(bytes)) => bytes,
            Some(None) if !self.signer.covers_body() => b"",
            Some(None) => return Err(SignError::Stream),
        };
        let signed = self.signer.headers(request.method(), &uri, request.headers(), body)?;
        request.headers_mut().extend(signed);
        Ok(request)
    }
}

/// Each call of the service signs the request. A retry layer of tower can therefore wrap the client.
#[cfg(feature = "tower")]
impl tower_service::Service<Request> for Client {
    type Response = Response;
    type Error = Error;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Response, Error>> + Send>>;

    fn poll_ready(&mut self, _context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let client = self.clone();
        Box::pin(async move { client.execute(request).await })
    }
}
