//! The exceptions, which are written in Python (`sealwire._errors`): a native class cannot extend `Exception` in the
//! stable ABI before 3.12.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyType;
use sealwire_core::{Reason, Rejection, connection_string};

const MODULE: &str = "sealwire._errors";

static REJECTED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static TOKEN_REJECTED: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static CONFIG_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();
static SIGN_ERROR: PyOnceLock<Py<PyType>> = PyOnceLock::new();

/// `sealwire.Rejection`, with all that the log may know.
pub(crate) fn rejected(py: Python<'_>, rejected: &Rejection) -> PyErr {
    let raised = REJECTED.import(py, MODULE, "Rejected").and_then(|class| {
        class.call1((
            rejected.reason.name(),
            rejected.reason.number(),
            rejected.http_status(),
            rejected.public_text(),
            rejected.scheme.name(),
            rejected.mode.name(),
            rejected.field,
            rejected.sender.as_str(),
            rejected.key_version,
            rejected.age_ms,
        ))
    });
    raised.map_or_else(|error| error, PyErr::from_value)
}

/// `sealwire.TokenRejected`, with the gateway's code and answer.
pub(crate) fn token_rejected(py: Python<'_>, reason: Reason) -> PyErr {
    let raised = TOKEN_REJECTED.import(py, MODULE, "TokenRejected").and_then(|class| {
        class.call1((
            reason.name(),
            reason.number(),
            reason.http_status(),
            connection_string::message(reason),
            connection_string::code(reason),
            connection_string::body(reason),
        ))
    });
    raised.map_or_else(|error| error, PyErr::from_value)
}

/// `sealwire.ConfigError`: what an operator has to set right.
pub(crate) fn config_error(py: Python<'_>, advice: &impl ToString) -> PyErr {
    raise(py, &CONFIG_ERROR, "ConfigError", advice)
}

/// `sealwire.SignError`: what the caller has to set right.
pub(crate) fn sign_error(py: Python<'_>, advice: &impl ToString) -> PyErr {
    raise(py, &SIGN_ERROR, "SignError", advice)
}

fn raise(py: Python<'_>, class: &PyOnceLock<Py<PyType>>, name: &str, advice: &impl ToString) -> PyErr {
    let raised = class.import(py, MODULE, name).and_then(|class| class.call1((advice.to_string(),)));
    raised.map_or_else(|error| error, PyErr::from_value)
}
