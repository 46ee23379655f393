//! Explanations of rejected requests.

use pyo3::prelude::*;
use sealwire_host::explain::{self, Refused};

use crate::errors;
use crate::key_ring::KeyRing;

/// Explains a rejected request. `request` is JSON. Returns the result as JSON and as text, and the exit code of the
/// command.
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

/// Reads a captured request: method, target, headers and body. The body is `None` if the capture does not contain it.
#[pyfunction]
#[pyo3(signature = (content, entry=None))]
pub(crate) fn read_capture(py: Python<'_>, content: &[u8], entry: Option<usize>) -> PyResult<Request> {
    let captured = explain::read_capture(content, entry).map_err(|refused| refusal(py, &refused))?;
    Ok((captured.method, captured.target, captured.headers, captured.body))
}

fn refusal(py: Python<'_>, refused: &Refused) -> PyErr {
    errors::config_error(py, refused)
}
