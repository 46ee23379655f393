//! HTTP redirects, as defined by the Fetch standard.

use http::header::{
    CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_TYPE, LOCATION,
    TRANSFER_ENCODING,
};
use http::{Method, StatusCode};
use reqwest::{Request, Response};
use url::Url;

/// Returns the URL that a response redirects to.
pub(super) fn target(response: &Response) -> Option<Url> {
    let is_redirect = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = response.headers().get(LOCATION).filter(|_| is_redirect)?;
    response.url().join(location.to_str().ok()?).ok()
}

/// Returns `true` if the redirect changes the method to GET and removes the body.
pub(super) fn becomes_get(method: &Method, status: StatusCode) -> bool {
    match status {
        StatusCode::SEE_OTHER => method != Method::GET && method != Method::HEAD,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => method == Method::POST,
        _ => false,
    }
}

/// Changes a request to a GET request without a body.
pub(super) fn without_body(request: &mut Request) {
    *request.method_mut() = Method::GET;
    *request.body_mut() = None;
    for name in [
        CONTENT_ENCODING,
        CONTENT_LANGUAGE,
        CONTENT_LENGTH,
        CONTENT_LOCATION,
        CONTENT_TYPE,
        TRANSFER_ENCODING,
    ] {
        request.headers_mut().remove(name);
    }
}
