//! Signed responses, for services and clients.

use std::sync::Arc;

use napi::JsString;
use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_core::keys::KeyRing;
use sealwire_core::{Exchange, VerifiedResponse};
use sealwire_core::{Rejection, Request, Scheme};
use sealwire_host::Signer;

use crate::error::{Code, Result};
use crate::head::{self, Parts};
use crate::sign::{Lines, broken, text};
use crate::verdict::{Fields, rejected};
use crate::verify::{Held, clock};

/// Signs a response and returns the headers to add in the format of [`Lines`]. The head consists of the
/// method, target, authority and URL scheme of the request, its sender, the verified scheme and the header
/// lines.
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
    let now_ms = clock(now_ms)?;
    let mut parts = Parts::of(head.as_slice());
    let taken = parts.take().zip(parts.headers(fields));
    let ([method, target, named, protocol, caller, scheme], headers) = taken.ok_or_else(broken)?;
    let (target, authority) = sealwire_host::received(target, named, &headers);
    let request = Request { method, target, authority, scheme: protocol, headers: &headers };
    let scheme =
        Scheme::from_name(text(scheme)?).ok_or_else(|| Code::Sign.error("no such scheme of requests"))?;
    let ring = verifier.ring().load();
    let exchange = Exchange {
        caller: text(caller)?,
        service: verifier.policy().service.as_str(),
        keys: &**ring,
        scheme,
        request,
    };
    let mut signed = String::new();
    let mut lines = Lines(&mut signed);
    let emit = |name: &'static str, value: &str| lines.push(name, value);
    exchange.sign(status, body, now_ms, emit).map_err(|cause| Code::Sign.error(cause))?;
    Ok(signed)
}

/// Verifies the response to a request. Returns a verdict with the server time and the key version. The head
/// consists of the method, target, authority and URL scheme of the request, the called service and the header
/// lines as sent. The header lines of the response are passed separately.
#[napi(catch_unwind)]
pub fn verify_response(
    signer: &External<Arc<Signer>>,
    head: JsString<'_>,
    fields: u32,
    status: u16,
    response: JsString<'_>,
    response_fields: u32,
    body: &[u8],
) -> Result<String> {
    let (head, response) = (head::read(head)?, head::read(response)?);
    let mut parts = Parts::of(head.as_slice());
    let taken = parts.take().zip(parts.headers(fields));
    let ([method, target, named, protocol, service], headers) = taken.ok_or_else(broken)?;
    let request = Request {
        method,
        target,
        authority: head::authority_of(named, &headers),
        scheme: protocol,
        headers: &headers,
    };
    let received = Parts::of(response.as_slice()).headers(response_fields).unwrap_or_default();
    let service = text(service)?;
    let ring = signer.ring.load();
    // The response contains the scheme that the server verified.
    let results = signer
        .schemes
        .into_iter()
        .flatten()
        .map(|scheme| exchange(signer, service, &ring, scheme, request).verify(status, &received, body));
    Ok(best(results))
}

fn exchange<'e>(
    signer: &'e Signer,
    service: &'e str,
    keys: &'e KeyRing,
    scheme: Scheme,
    request: Request<'e>,
) -> Exchange<'e, KeyRing> {
    Exchange { caller: &signer.name, service, keys, scheme, request }
}

/// Returns the first valid result, or the first rejection if there is none.
fn best(results: impl Iterator<Item = core::result::Result<VerifiedResponse, Rejection>>) -> String {
    let mut first = None;
    for result in results {
        match result {
            Ok(answered) => return accepted(&answered),
            Err(refused) => first = first.or(Some(refused)),
        }
    }
    first.as_ref().map(rejected).unwrap_or_default()
}

fn accepted(answered: &VerifiedResponse) -> String {
    let server_time_s = i64::try_from(answered.server_time_s).unwrap_or(i64::MAX);
    Fields::begin("+").number(server_time_s).number(answered.key_version.into()).end()
}
