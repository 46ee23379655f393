//! The middleware of a gateway that verifies connection strings.

use std::future::ready;
use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::{Error, HttpMessage, ResponseError};

use super::verify::{Responding, uncached};
use crate::connection_string::ConnectionString;
use crate::key_ring::KeyRing;

/// A middleware that requires a valid connection string in the header [`ConnectionString::HEADER`]. Handlers
/// can extract the `ConnectionString`. The middleware responds to a rejected token with the documented JSON,
/// and logs an event with the field `connection_string_verification_failed`.
///
/// ```
/// use actix_web::{App, web};
/// use sealwire::{ConnectionString, KeyRing, KeySet, actix::ConnectionStrings};
///
/// async fn account(token: ConnectionString) -> String {
///     token.account.to_string()
/// }
///
/// let keys = KeyRing::builder().issuer(KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let app = App::new().wrap(ConnectionStrings::new(&keys)).route("/account", web::get().to(account));
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ConnectionStrings {
    keys: KeyRing,
}

impl ConnectionStrings {
    /// Creates a middleware that verifies tokens with the issuer's keys in this key ring.
    #[must_use]
    pub fn new(keys: &KeyRing) -> Self {
        Self { keys: keys.clone() }
    }
}

/// The service created by [`ConnectionStrings`]. Applications do not need to name this type.
///
/// ```
/// fn verifies<S>(service: &sealwire::actix::ConnectionStringsService<S>) -> bool {
///     format!("{service:?}").starts_with("ConnectionStringsService")
/// }
/// ```
pub struct ConnectionStringsService<S> {
    service: Rc<S>,
    keys: KeyRing,
}

middleware!(ConnectionStrings, ConnectionStringsService, keys);

impl<S> ConnectionStringsService<S> {
    fn respond<B>(&self, request: ServiceRequest) -> Responding<B>
    where
        S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
        B: MessageBody + 'static,
    {
        let values = request.headers().get_all(ConnectionString::HEADER).map(|value| value.as_bytes());
        match ConnectionString::in_values(&self.keys, values) {
            Ok(token) => {
                request.extensions_mut().insert(token);
                let service = self.service.clone();
                Box::pin(async move { Ok(uncached(service.call(request).await?).map_into_left_body()) })
            }
            Err(rejection) => {
                rejection.log();
                let response = request.into_response(rejection.error_response()).map_into_right_body();
                Box::pin(ready(Ok(response)))
            }
        }
    }
}
