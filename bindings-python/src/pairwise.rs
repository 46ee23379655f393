//! Functions that sign and verify `pairwise` requests, for code that sets the headers itself.
//!
//! They take scalars and return a signature or a Boolean, because creating header lists and identities
//! takes longer than signing.

use pyo3::prelude::*;
use pyo3::types::PyString;
use sealwire_core::{PairwiseCall, Window};

use crate::body::Body;
use crate::errors;
use crate::key_ring::KeyRing;
use crate::numbers::Natural;

/// Returns the signature of a request in lower-case hex. `timestamp` is the time of the request in Unix
/// seconds. The path is signed unchanged, including its query. If `body` is a `str`, it is encoded as UTF-8.
#[pyfunction]
#[pyo3(signature = (keys, sender, receiver, method, path, body, timestamp, /))]
#[expect(clippy::too_many_arguments, reason = "one scalar for each signed part")]
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
    let content = Content::read(body)?;
    let (method, path, body) = (method.as_bytes(), path.as_bytes(), content.as_bytes()?);
    let call = PairwiseCall { sender, receiver, method, path, body, timestamp_s: timestamp.0 };
    let signature = call.sign(&**keys.0.load()).map_err(|error| errors::sign_error(py, &error))?;
    Ok(PyString::new(py, &String::from_utf8_lossy(&signature)))
}

/// Returns whether a request has a valid signature and a timestamp in the accepted window. `past` is the
/// maximum age in seconds. `now` is the current time in Unix seconds, by default from the system clock.
#[pyfunction]
#[pyo3(signature = (keys, sender, receiver, method, path, body, signature, timestamp, past, now=None, /))]
#[expect(clippy::too_many_arguments, reason = "one scalar for each verified part")]
pub(crate) fn verify_pairwise(
    keys: &KeyRing,
    sender: &str,
    receiver: &str,
    method: &str,
    path: &str,
    body: Option<&Bound<'_, PyAny>>,
    signature: &str,
    timestamp: Natural,
    past: Natural,
    now: Option<Natural>,
) -> PyResult<bool> {
    let content = Content::read(body)?;
    let (method, path, body) = (method.as_bytes(), path.as_bytes(), content.as_bytes()?);
    let call = PairwiseCall { sender, receiver, method, path, body, timestamp_s: timestamp.0 };
    let window = Window { past_ms: past.0.saturating_mul(1000), ..Window::DEFAULT };
    let now_ms = now.map_or_else(sealwire_host::now_ms, |Natural(seconds)| seconds.saturating_mul(1000));
    Ok(call.verify(&**keys.0.load(), signature.as_bytes(), window, now_ms).is_ok())
}

/// A body, which can be text or bytes. The functions of the earlier implementation accept both types.
enum Content<'a, 'py> {
    Text(&'a Bound<'py, PyString>),
    Bytes(Body<'py>),
}

impl<'a, 'py> Content<'a, 'py> {
    fn read(body: Option<&'a Bound<'py, PyAny>>) -> PyResult<Self> {
        match body.map(|body| body.cast::<PyString>()) {
            Some(Ok(text)) => Ok(Self::Text(text)),
            _ => Body::read(body).map(Self::Bytes),
        }
    }

    fn as_bytes(&self) -> PyResult<&[u8]> {
        match self {
            Self::Text(text) => Ok(text.to_str()?.as_bytes()),
            Self::Bytes(body) => Ok(body.as_bytes()),
        }
    }
}
