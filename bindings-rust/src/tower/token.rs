//! A layer that verifies connection strings.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use super::body::ResponseBody;
use super::uncached;
use crate::connection_string::ConnectionString;
use crate::key_ring::KeyRing;

/// A layer that requires a valid connection string in the header [`ConnectionString::HEADER`]. It stores the
/// connection string in the extensions of the request. The layer responds to a rejected token with the
/// documented JSON, and logs an event with the field `connection_string_verification_failed`.
///
/// ```
/// use sealwire::{KeyRing, KeySet, tower::ConnectionStringsLayer};
///
/// let keys = KeyRing::builder().issuer(KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let layer = ConnectionStringsLayer::new(&keys);
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConnectionStringsLayer {
    keys: KeyRing,
}

impl ConnectionStringsLayer {
    /// Creates a layer that verifies tokens with the issuer's keys in this key ring.
    #[must_use]
    pub fn new(keys: &KeyRing) -> Self {
        Self { keys: keys.clone() }
    }
}

impl<S> Layer<S> for ConnectionStringsLayer {
    type Service = ConnectionStrings<S>;

    fn layer(&self, inner: S) -> ConnectionStrings<S> {
        ConnectionStrings { inner, keys: self.keys.clone() }
    }
}

/// The service created by [`ConnectionStringsLayer`].
///
/// ```
/// use sealwire::{KeyRing, KeySet, tower::{ConnectionStrings, ConnectionStringsLayer}};
/// use tower_layer::Layer;
///
/// let keys = KeyRing::builder().issuer(KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let service: ConnectionStrings<&str> = ConnectionStringsLayer::new(&keys).layer("any tower service");
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConnectionStrings<S> {
    inner: S,
    keys: KeyRing,
}

impl<S, RequestBody, ServiceBody> Service<Request<RequestBody>> for ConnectionStrings<S>
where
    S: Service<Request<RequestBody>, Response = Response<ServiceBody>>,
    S::Future: Send + 'static,
    S::Error: Send + 'static,
    ServiceBody: Body<Data: From<Bytes>> + Send + 'static,
{
    type Response = Response<ResponseBody<ServiceBody>>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<RequestBody>) -> Self::Future {
        let values = request.headers().get_all(ConnectionString::HEADER).iter().map(|value| value.as_bytes());
        match ConnectionString::in_values(&self.keys, values) {
            Ok(token) => {
                request.extensions_mut().insert(token);
                let responding = self.inner.call(request);
                Box::pin(async move { Ok(uncached(responding.await?).map(ResponseBody::application)) })
            }
            Err(rejection) => {
                rejection.log();
                Box::pin(std::future::ready(Ok(rejection.response())))
            }
        }
    }
}
