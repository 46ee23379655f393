//! Tower layers that verify requests and connection strings.

mod body;
mod layer;
mod token;

use http::Response;
use http::header::{CACHE_CONTROL, HeaderValue};
use sealwire_host::response::VERIFIED_CACHE_CONTROL;

pub use body::{ResponseBody, VerifiedBody};
pub use layer::{PeerAddress, Verify, VerifyLayer};
pub use token::{ConnectionStrings, ConnectionStringsLayer};

/// Prevents shared caches from storing a response, unless the application has set `Cache-Control`.
fn uncached<B>(mut response: Response<B>) -> Response<B> {
    if !response.headers().contains_key(CACHE_CONTROL) {
        response.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(VERIFIED_CACHE_CONTROL));
    }
    response
}
