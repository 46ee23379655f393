//! Challenges for rejected requests, and signed responses.

use std::sync::Arc;

use napi::JsString;
use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_host::Signer;
use sealwire_host::response::service_challenge;

use crate::error::Result;
use crate::head;
use crate::shared::response::{self, Message};
use crate::verify::{Held, clock};

/// Returns the value of the `WWW-Authenticate` header for requests that `service` rejects.
#[napi(catch_unwind)]
pub fn challenge(service: String) -> String {
    service_challenge(&service)
}

/// Signs a response, see [`response::sign`].
#[napi(catch_unwind)]
pub fn sign_response(
    verifier: &External<Held>,
    head: JsString<'_>,
    fields: u32,
    status: u16,
    body: &[u8],
    now_ms: Option<i64>,
) -> Result<String> {
    let head = head::read(head)?;
    let message = Message { head: head.as_slice(), fields, status, body };
    response::sign(verifier, &message, clock(now_ms)?)
}

/// Verifies the response to a request, see [`response::verify`].
#[napi(catch_unwind)]
pub fn verify_response(
    signer: &External<Arc<Signer>>,
    head: JsString<'_>,
    fields: u32,
    status: u16,
    received: JsString<'_>,
    received_fields: u32,
    body: &[u8],
) -> Result<String> {
    let (head, received) = (head::read(head)?, head::read(received)?);
    let message = Message { head: received.as_slice(), fields: received_fields, status, body };
    response::verify(signer, (head.as_slice(), fields), &message)
}
