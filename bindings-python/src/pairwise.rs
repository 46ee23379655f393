//! `pairwise` by scalars, for code that calls a function per request and sets the headers itself.
//!
//! Only the signature is passed to Python, because header lists and identities would cost more than signing.

use std::cell::RefCell;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use sealwire_core::{
    Coverage, Header, Policy, Request, Scheme, SignError, Signer, Signing, Text, Verifier, Window, pairwise,
};
use sealwire_host::now_ms;

use crate::errors;
use crate::key_ring::KeyRing;
use crate::numbers::Natural;

/// The signature of a request at `timestamp`, Unix seconds, in lower-case hex. `body` is bytes, or text to be sent as UTF-8.
#[pyfunction]
#[pyo3(signature = (keys, sender, receiver, method, path, body, timestamp, /))]
#[expect(clippy::too_many_arguments, reason = "scalars, one for each part that is signed")]
pub(crate) fn sign_pairwise<'py>(
    py: Python<'py>,
    keys: &KeyRing,
    sender: &str,
    receiver: &str,
    method: &str,
    path: &str,
    body: Option<&Bound<'py, PyAny>>,
    timestamp: Natural,
) -> PyResult<Bound<'py, PyString>> {
    let body = content(body)?;
    let ring = keys.0.load();
    let schemes = [Some(Scheme::Pairwise), None, None];
    let signer = Signer { name: sender, keys: &**ring, schemes, coverage: Coverage::default() };
    // No nonce travels in this scheme; any that is well-formed will do.
    let signing =
        Signing { receiver, body, user_id: None, nonce: "0", now_ms: timestamp.0.saturating_mul(1000) };
    let mut signature = None;
    let signed = signer.sign(&request(method, path, &[]), &signing, |name, value| {
        if name == pairwise::SIGNATURE {
            signature = Some(PyString::new(py, value));
        }
    });
    signed.map_err(|error| errors::sign_error(py, &error))?;
    signature.ok_or_else(|| errors::sign_error(py, &SignError::NoKey(Scheme::Pairwise)))
}

/// Whether a request is signed and neither older than `past` seconds nor ahead of the clock beyond the default.
#[pyfunction]
#[pyo3(signature = (keys, sender, receiver, method, path, body, signature, timestamp, past, /))]
#[expect(clippy::too_many_arguments, reason = "scalars, one for each part that is verified")]
pub(crate) fn verify_pairwise(
    keys: &KeyRing,
    sender: &str,
    receiver: &str,
    method: &str,
    path: &str,
    body: Option<&Bound<'_, PyAny>>,
    signature: &str,
    timestamp: Natural,
    past: u32,
) -> PyResult<bool> {
    let body = content(body)?;
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(timestamp.0);
    let headers = [
        Header::new(pairwise::SERVICE_NAME, sender),
        Header::new(pairwise::TIMESTAMP, digits),
        Header::new(pairwise::SIGNATURE, signature),
    ];
    let ring = keys.0.load();
    let verified = with_policy(receiver, u64::from(past) * 1000, |policy| {
        let verifier = Verifier { policy, keys: &**ring };
        verifier.verify(&request(method, path, &headers), body, None, now_ms()).is_ok()
    });
    Ok(verified.unwrap_or(false))
}

thread_local! {
    /// The policy of the last request, beside its receiver as it was given. It takes as long to make as all checks but the
    /// hash, and a service has one name.
    static LAST: RefCell<Option<(String, Policy)>> = const { RefCell::new(None) };
}

/// `None` for a receiver whose name is none.
fn with_policy<T>(receiver: &str, past_ms: u64, then: impl FnOnce(&Policy) -> T) -> Option<T> {
    LAST.with_borrow_mut(|last| {
        let fits =
            |(name, policy): &(String, Policy)| name == receiver && policy.pairwise_window.past_ms == past_ms;
        if !last.as_ref().is_some_and(fits) {
            *last = Some((receiver.into(), policy(receiver, past_ms)?));
        }
        last.as_ref().map(|(_, policy)| then(policy))
    })
}

fn policy(receiver: &str, past_ms: u64) -> Option<Policy> {
    Some(Policy {
        schemes: [Some(Scheme::Pairwise), None, None],
        pairwise_window: Window { past_ms, ..Window::DEFAULT },
        max_body_bytes: u64::MAX, // it is in memory already
        ..Policy::new(Text::new(receiver)?)
    })
}

fn request<'a>(method: &'a str, path: &'a str, headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method: method.as_bytes(), target: path.as_bytes(), authority: b"", scheme: b"", headers }
}

fn content<'a>(body: Option<&'a Bound<'_, PyAny>>) -> PyResult<&'a [u8]> {
    match body {
        None => Ok(&[]),
        Some(body) => match body.cast::<PyString>() {
            Ok(text) => Ok(text.to_str()?.as_bytes()),
            Err(_) => Ok(body.cast::<PyBytes>()?.as_bytes()),
        },
    }
}
