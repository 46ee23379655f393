//! Middlewares and extractors for actix-web.

/// Implements the traits `Transform` and `Service` for a middleware and its service. The service must have a
/// method `respond`.
macro_rules! middleware {
    ($middleware:ident, $service:ident, $field:ident) => {
        impl<S, B> actix_web::dev::Transform<S, ServiceRequest> for $middleware
        where
            S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
            B: MessageBody + 'static,
        {
            type Response = ServiceResponse<EitherBody<B>>;
            type Error = Error;
            type Transform = $service<S>;
            type InitError = ();
            type Future = std::future::Ready<Result<Self::Transform, ()>>;

            fn new_transform(&self, service: S) -> Self::Future {
                std::future::ready(Ok($service { service: Rc::new(service), $field: self.$field.clone() }))
            }
        }

        impl<S> std::fmt::Debug for $service<S> {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let mut shown = f.debug_struct(stringify!($service));
                shown.field(stringify!($field), &self.$field).finish_non_exhaustive()
            }
        }

        impl<S, B> Service<ServiceRequest> for $service<S>
        where
            S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
            B: MessageBody + 'static,
        {
            type Response = ServiceResponse<EitherBody<B>>;
            type Error = Error;
            type Future = Responding<B>;

            fn poll_ready(&self, context: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Error>> {
                self.service.poll_ready(context)
            }

            fn call(&self, request: ServiceRequest) -> Responding<B> {
                self.respond(request)
            }
        }
    };
}

mod body;
mod extract;
mod token;
mod verify;

pub use extract::Unverified;
pub use token::{ConnectionStrings, ConnectionStringsService};
pub use verify::{Verify, VerifyService};
