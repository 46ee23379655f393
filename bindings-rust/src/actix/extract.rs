//! Extractors for actix-web handlers, and the conversion of rejections to responses.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpMessage, HttpRequest, HttpResponse, ResponseError};

use crate::connection_string::{ConnectionString, TokenRejection};
use crate::identity::Identity;
use crate::rejection::Rejection;

/// The error that an extractor returns for a request without an identity or connection string. Such a
/// request is exempt, was accepted because of the mode, or was not verified by a middleware.
///
/// ```
/// use actix_web::ResponseError;
///
/// assert_eq!(sealwire::actix::Unverified.status_code(), 401);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unverified;

impl std::fmt::Display for Unverified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unauthorized")
    }
}

impl std::error::Error for Unverified {}

impl ResponseError for Unverified {
    fn status_code(&self) -> StatusCode {
        StatusCode::UNAUTHORIZED
    }
}

impl FromRequest for Identity {
    type Error = Unverified;
    type Future = Ready<Result<Self, Unverified>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or(Unverified))
    }
}

impl FromRequest for ConnectionString {
    type Error = Unverified;
    type Future = Ready<Result<Self, Unverified>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(request.extensions().get::<Self>().cloned().ok_or(Unverified))
    }
}

impl ResponseError for Rejection {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status().as_u16()).unwrap_or(StatusCode::UNAUTHORIZED)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        for field in self.fields() {
            response.insert_header(field);
        }
        response.body(self.public_text())
    }
}

impl ResponseError for TokenRejection {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status().as_u16()).unwrap_or(StatusCode::UNAUTHORIZED)
    }

    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::build(self.status_code());
        for field in self.fields() {
            response.insert_header(field);
        }
        response.body(TokenRejection::body(*self))
    }
}
