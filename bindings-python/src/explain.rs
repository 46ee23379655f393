//! Explains why requests are rejected.

use pyo3::prelude::*;
use sealwire_host::explain::{self, Refused};

use crate::errors;
use crate::key_ring::KeyRing;

/// Explains why a request was rejected. `request` is JSON. Returns the explanation as JSON, the explanation as
/// text, and the exit code of `sealwire explain`.
#[pyfunction]
pub(crate) fn explain_rejection(
    py: Python<'_>,
    keys: &KeyRing,
    request: &str,
) -> PyResult<(String, String, i32)> {
    let found = py.detach(|| explain::explain_json(request, &keys.0.load()));
    let found = found.map_err(|refused| refusal(py, &refused))?;
    Ok((found.to_json(), found.to_text(), found.exit_code()))
}

type Request = (String, String, Vec<(String, String)>, Option<Vec<u8>>);

/// Parses a captured request and returns its method, target, headers and body. The body is `None` if the
/// capture does not contain a body.
#[pyfunction]
#[pyo3(signature = (content, entry=None))]
pub(crate) fn read_capture(py: Python<'_>, content: &[u8], entry: Option<usize>) -> PyResult<Request> {
    let captured = explain::read_capture(content, entry).map_err(|refused| refusal(py, &refused))?;
    Ok((captured.method, captured.target, captured.headers, captured.body))
}

fn refusal(py: Python<'_>, refused: &Refused) -> PyErr {
    errors::config_error(py, refused)
}
