//! The layer that verifies requests, and its service.

use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::body::{ResponseBody, VerifiedBody};
use super::uncached;
use crate::gate::{Verdict, judge};
use crate::head::Head;
use crate::identity::Identity;
use crate::rejection::Rejection;
use crate::verifier::{Claimed, Verifier};

/// A layer that verifies each request before the service receives it. The layer works with hyper, tonic and axum, over HTTP/1 and
/// HTTP/2.
///
/// The layer verifies the head, reads the body up to the limit, and then claims the nonce. The service
/// receives the same head and body without trailers, and an [`Identity`] in the extensions. Under
/// [`Mode::Observe`](crate::Mode::Observe), the service also receives rejected requests. Their extensions
/// contain the [`Rejection`].
///
/// If the signature covers the body, the layer reads the complete body before it calls the service. A gRPC
/// call with an endless request stream can therefore not be verified.
///
/// The layer requires a tokio runtime with an enabled timer.
///
/// ```
/// use sealwire::{Identity, KeyRing, KeySet, ReplayTable, Verifier, tower::VerifyLayer};
///
/// async fn whoami(identity: Identity) -> String {
///     identity.sender
/// }
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
/// # #[cfg(feature = "axum")]
/// let app: axum::Router = axum::Router::new()
///     .route("/whoami", axum::routing::get(whoami))
///     .layer(VerifyLayer::new(verifier));
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct VerifyLayer {
    verifier: Verifier,
}

impl VerifyLayer {
    /// Creates a layer that uses `verifier`.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier }
    }
}

impl<S> Layer<S> for VerifyLayer {
    type Service = Verify<S>;

    fn layer(&self, inner: S) -> Verify<S> {
        Verify { inner, verifier: self.verifier.clone() }
    }
}

/// The service created by [`VerifyLayer`].
///
/// ```
/// use sealwire::{KeyRing, KeySet, ReplayTable, Verifier, tower::{Verify, VerifyLayer}};
/// use tower_layer::Layer;
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
/// let application = "any tower service";
/// let service: Verify<&str> = VerifyLayer::new(verifier).layer(application);
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verify<S> {
    inner: S,
    verifier: Verifier,
}

/// The peer address, which the layer needs for logs and to recognise local health checks. The server must
/// add it to the extensions of each request. With the feature `axum`, `ConnectInfo<SocketAddr>` is also
/// supported.
///
/// ```
/// use sealwire::tower::PeerAddress;
///
/// let mut request = http::Request::new("");
/// request.extensions_mut().insert(PeerAddress(([127, 0, 0, 1], 4711).into()));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);

/// A future for the response to a verified request.
type Responding<B, E> = Pin<Box<dyn Future<Output = Result<Response<ResponseBody<B>>, E>> + Send>>;

impl<S, RequestBody, ServiceBody> Service<Request<RequestBody>> for Verify<S>
where
    S: Service<Request<VerifiedBody<RequestBody>>, Response = Response<ServiceBody>> + Clone + Send + 'static,
    S::Future: Send,
    RequestBody: Body + Send + 'static,
    ServiceBody: Body<Data: From<Bytes>> + Send,
{
    type Response = Response<ResponseBody<ServiceBody>>;
    type Error = S::Error;
    type Future = Responding<ServiceBody, S::Error>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<RequestBody>) -> Self::Future {
        // `poll_ready` applies only to the service on which it was called, so this call uses that service
        // and stores the clone.
        let inner = self.inner.clone();
        let inner = std::mem::replace(&mut self.inner, inner);
        let verifier = self.verifier.clone();
        Box::pin(async move {
            match admit(&verifier, request).await {
                Ok((request, is_verified)) => respond(inner, request, is_verified).await,
                Err(response) => Ok(response),
            }
        })
    }
}

/// Verifies a request. Returns the request for the service, and `true` if it is verified. Returns the response for a rejected
/// request as the error.
async fn admit<RequestBody: Body, ServiceBody>(
    verifier: &Verifier,
    request: Request<RequestBody>,
) -> Result<(Request<VerifiedBody<RequestBody>>, bool), Response<ResponseBody<ServiceBody>>> {
    let (mut parts, body) = request.into_parts();
    let mut body = VerifiedBody::unread(body);
    let mut read = Vec::new();
    let claimed = parts.extensions.get::<Identity>().and_then(Claimed::of);
    let verdict = judge(verifier, &head_of(&parts), claimed.as_ref(), &mut body, &mut read).await;
    let mut is_verified = false;
    match verdict {
        Verdict::Exempt => {}
        Verdict::Accepted(identity) => {
            is_verified = true;
            body = body.without_trailers();
            parts.extensions.insert(identity);
        }
        Verdict::Passed(rejection) => {
            // An outer layer with a different verifier may have stored this identity.
            parts.extensions.remove::<Identity>();
            if let Some(rejection) = rejection {
                parts.extensions.insert::<Rejection>(rejection);
            }
        }
        Verdict::Rejected(rejection) => return Err(rejection.response()),
        Verdict::Gone => return Err(gone()),
    }
    Ok((Request::from_parts(parts, body.put_back(read)), is_verified))
}

/// Calls the service. If the request is verified, shared caches must not store the response.
async fn respond<S, RequestBody, ServiceBody>(
    mut inner: S,
    request: Request<RequestBody>,
    is_verified: bool,
) -> Result<Response<ResponseBody<ServiceBody>>, S::Error>
where
    S: Service<Request<RequestBody>, Response = Response<ServiceBody>>,
{
    let response = inner.call(request).await?;
    let response = if is_verified { uncached(response) } else { response };
    Ok(response.map(ResponseBody::application))
}

/// Returns the response for a failed connection. The caller cannot receive it, but the service must return a
/// response.
fn gone<B>() -> Response<ResponseBody<B>> {
    let mut response = Response::new(ResponseBody::from(""));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

#[cfg(not(feature = "axum"))]
fn head_of(parts: &Parts) -> Head<'_> {
    Head::new(&parts.method, &parts.uri, &parts.uri, &parts.headers, peer_of(parts))
}

/// Returns the head of a request. A nested axum router removes its prefix from the URI, and stores the
/// original URI in the extensions.
#[cfg(feature = "axum")]
fn head_of(parts: &Parts) -> Head<'_> {
    let sent =
        parts.extensions.get::<axum::extract::OriginalUri>().map_or(&parts.uri, |original| &original.0);
    Head::new(&parts.method, sent, &parts.uri, &parts.headers, peer_of(parts))
}

fn peer_of(parts: &Parts) -> String {
    let named = parts.extensions.get::<PeerAddress>().map(|peer| peer.0);
    #[cfg(feature = "axum")]
    let named = named.or_else(|| {
        let connected = parts.extensions.get::<axum::extract::ConnectInfo<SocketAddr>>();
        connected.map(|connected| connected.0)
    });
    named.map(|peer| peer.ip().to_string()).unwrap_or_default()
}
