//! The middleware that verifies requests.

use std::pin::Pin;
use std::rc::Rc;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Service, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CACHE_CONTROL, HeaderValue};
use actix_web::{Error, HttpMessage, HttpRequest, HttpResponse, ResponseError};
use sealwire_host::response::VERIFIED_CACHE_CONTROL;

use super::body::Incoming;
use crate::gate::{Verdict, judge};
use crate::head::Head;
use crate::identity::Identity;
use crate::rejection::Rejection;
use crate::verifier::{Claimed, Verifier};

/// A middleware that verifies each request before the application receives it. Handlers can extract the
/// `Identity`.
///
/// The middleware verifies the head, reads the body up to the limit, and then claims the nonce. Under
/// [`Mode::Observe`](crate::Mode::Observe), it passes a rejected request to the application, with the
/// [`Rejection`] in the extensions.
///
/// ```
/// use actix_web::{App, web};
/// use sealwire::{Identity, KeyRing, KeySet, ReplayTable, Verifier, actix::Verify};
///
/// async fn whoami(identity: Identity) -> String {
///     identity.sender
/// }
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
/// let app = App::new().wrap(Verify::new(verifier)).route("/whoami", web::get().to(whoami));
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verify {
    verifier: Verifier,
}

impl Verify {
    /// Creates a middleware. Create the verifier before the server starts, and clone it into each worker.
    #[must_use]
    pub fn new(verifier: Verifier) -> Self {
        Self { verifier }
    }
}

/// The service created by [`Verify`]. Applications do not need to name this type.
///
/// ```
/// fn verifies<S>(service: &sealwire::actix::VerifyService<S>) -> bool {
///     format!("{service:?}").starts_with("VerifyService")
/// }
/// ```
pub struct VerifyService<S> {
    service: Rc<S>,
    verifier: Verifier,
}

/// A future for a response. Because the future stays on its worker's thread, it does not have to be `Send`.
pub(super) type Responding<B> = Pin<Box<dyn Future<Output = Result<ServiceResponse<EitherBody<B>>, Error>>>>;

middleware!(Verify, VerifyService, verifier);

impl<S> VerifyService<S> {
    fn respond<B>(&self, request: ServiceRequest) -> Responding<B>
    where
        S: Service<ServiceRequest, Response = ServiceResponse<B>, Error = Error> + 'static,
        B: MessageBody + 'static,
    {
        let (service, verifier) = (self.service.clone(), self.verifier.clone());
        Box::pin(async move {
            match admit(&verifier, request).await {
                Ok((request, is_verified)) => {
                    let response = service.call(request).await?;
                    Ok(if is_verified { uncached(response) } else { response }.map_into_left_body())
                }
                Err((request, response)) => Ok(ServiceResponse::new(request, response).map_into_right_body()),
            }
        })
    }
}

/// Verifies a request. Returns the request for the application, and `true` if it is verified. Returns the response for a rejected
/// request as the error.
async fn admit(
    verifier: &Verifier,
    request: ServiceRequest,
) -> Result<(ServiceRequest, bool), (HttpRequest, HttpResponse)> {
    let (request, payload) = request.into_parts();
    let mut body = Incoming(payload);
    let mut read = Vec::new();
    let claimed = request.extensions().get::<Identity>().and_then(Claimed::of);
    let verdict = judge(verifier, &head_of(&request), claimed.as_ref(), &mut body, &mut read).await;
    let mut is_verified = false;
    match verdict {
        Verdict::Exempt => {}
        Verdict::Accepted(identity) => {
            is_verified = true;
            request.extensions_mut().insert(identity);
        }
        Verdict::Passed(rejection) => {
            request.extensions_mut().remove::<Identity>();
            if let Some(rejection) = rejection {
                request.extensions_mut().insert::<Rejection>(rejection);
            }
        }
        Verdict::Rejected(rejection) => {
            let response = rejection.error_response();
            return Err((request, response));
        }
        Verdict::Gone => return Err((request, HttpResponse::BadRequest().finish())),
    }
    let payload = body.put_back(read);
    Ok((ServiceRequest::from_parts(request, payload), is_verified))
}

/// Prevents shared caches from storing a response, unless the application has set `Cache-Control`.
pub(super) fn uncached<B>(mut response: ServiceResponse<B>) -> ServiceResponse<B> {
    if !response.headers().contains_key(CACHE_CONTROL) {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(VERIFIED_CACHE_CONTROL));
    }
    response
}

/// Returns the head of a request. The peer address comes from the connection and the scheme from the
/// server, because proxy headers are not trusted.
fn head_of(request: &HttpRequest) -> Head<'_> {
    let uri = request.uri();
    let target = uri.path_and_query().map_or("", |target| target.as_str());
    let authority = uri.authority().map_or("", |authority| authority.as_str());
    let own_scheme = if request.app_config().secure() { "https" } else { "http" };
    let scheme = uri.scheme_str().unwrap_or(own_scheme);
    let peer = request.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default();
    let lines = request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
    let parts = [target, authority, scheme, uri.path()].map(str::as_bytes);
    Head::of_parts(request.method().as_str(), parts, lines, peer)
}
