//! Signs and verifies responses.

use sealwire_core::keys::KeyRing;
use sealwire_core::{Exchange, Rejection, Request, Scheme, VerifiedResponse};
use sealwire_host::{Signer, Verifier};

use crate::error::{Code, Result};
use crate::shared::lines::{Lines, broken, text};
use crate::shared::parts::{Parts, authority_of};
use crate::shared::verdict::{Fields, rejected};

/// The arguments that describe a response: a head and its number of header parts, the status, and the body. To
/// sign a response, `head` is the head of the request. To verify a response, `head` contains the header lines
/// of the response.
pub(crate) struct Message<'a> {
    pub(crate) head: &'a [u8],
    pub(crate) fields: u32,
    pub(crate) status: u16,
    pub(crate) body: &'a [u8],
}

/// Signs a response and returns the headers to add, in the format of [`Lines`]. The parts of the head are the
/// request's method, target, authority and URL scheme, the sender, the scheme that was used to verify the
/// request, and the header lines.
pub(crate) fn sign(verifier: &Verifier, message: &Message<'_>, now_ms: u64) -> Result<String> {
    let mut parts = Parts::of(message.head);
    let taken = parts.take().zip(parts.headers(message.fields));
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
    exchange.sign(message.status, message.body, now_ms, emit).map_err(|cause| Code::Sign.error(cause))?;
    Ok(signed)
}

/// Verifies the response to a request. Returns a verdict that contains the server time and the key version.
/// `request` contains the head of the request and the number of its header parts. The parts of the head are the
/// method, target, authority and URL scheme, the receiving service, and the header lines as sent.
pub(crate) fn verify(signer: &Signer, request: (&[u8], u32), response: &Message<'_>) -> Result<String> {
    let (head, fields) = request;
    let mut parts = Parts::of(head);
    let taken = parts.take().zip(parts.headers(fields));
    let ([method, target, named, protocol, service], headers) = taken.ok_or_else(broken)?;
    let authority = authority_of(named, &headers);
    let request = Request { method, target, authority, scheme: protocol, headers: &headers };
    let received = Parts::of(response.head).headers(response.fields).unwrap_or_default();
    let service = text(service)?;
    let ring = signer.ring.load();
    // The signer may have signed the request with several schemes. The response is signed for the scheme that
    // the server verified, so each scheme is tried.
    let results = signer.schemes.into_iter().flatten().map(|scheme| {
        exchange(signer, service, &ring, scheme, request).verify(response.status, &received, response.body)
    });
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
