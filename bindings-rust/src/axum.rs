//! Extractors for axum.

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use http::request::Parts;

use crate::connection_string::{ConnectionString, TokenRejection};
use crate::identity::Identity;
use crate::rejection::Rejection;

/// Extracts the sender of a verified request. In a handler that also serves requests without a sender, use
/// `Option<Identity>`.
impl<S: Sync> FromRequestParts<S> for Identity {
    type Rejection = Unverified;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Unverified> {
        parts.extensions.get::<Self>().cloned().ok_or(Unverified)
    }
}

impl<S: Sync> OptionalFromRequestParts<S> for Identity {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Option<Self>, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned())
    }
}

/// Extracts the connection string that `ConnectionStringsLayer` verified.
impl<S: Sync> FromRequestParts<S> for ConnectionString {
    type Rejection = Unverified;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Unverified> {
        parts.extensions.get::<Self>().cloned().ok_or(Unverified)
    }
}

impl IntoResponse for TokenRejection {
    fn into_response(self) -> Response {
        self.response()
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        self.response()
    }
}

/// The error that an extractor returns for a request without an identity. The request is exempt, was
/// accepted because of the mode, or was not verified by a layer.
///
/// ```
/// use axum::response::IntoResponse;
///
/// assert_eq!(sealwire::axum::Unverified.into_response().status(), 401);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unverified;

impl std::fmt::Display for Unverified {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the request is not verified")
    }
}

impl std::error::Error for Unverified {}

impl IntoResponse for Unverified {
    fn into_response(self) -> Response {
        (StatusCode::UNAUTHORIZED, "Unauthorized").into_response()
    }
}
