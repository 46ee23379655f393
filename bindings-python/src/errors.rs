//! The exceptions, which are written in Python (`sealwire._errors`): a native class cannot extend `Exception` in the
//! stable ABI before 3.12.

use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use sealwire_core::{Reason, Rejection, connection_string};

const MODULE: &str = "sealwire._errors";

/// `sealwire.Rejection`, with all that the log may know.
pub(crate) fn rejected(py: Python<'_>, rejected: &Rejection) -> PyErr {
    raise(
        py,
        "Rejected",
        (
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
            rejected.mac_was_valid,
        ),
    )
}

/// `sealwire.TokenRejected`, with the code and response of the gateway.
pub(crate) fn token_rejected(py: Python<'_>, reason: Reason) -> PyErr {
    raise(
        py,
        "TokenRejected",
        (
            reason.name(),
            reason.number(),
            reason.http_status(),
            connection_string::message(reason),
            connection_string::code(reason),
            connection_string::body(reason),
        ),
    )
}

/// `sealwire.ConfigError`: an error of the operator.
pub(crate) fn config_error(py: Python<'_>, advice: &impl ToString) -> PyErr {
    raise(py, "ConfigError", (advice.to_string(),))
}

/// `sealwire.SignError`: an error of the caller.
pub(crate) fn sign_error(py: Python<'_>, advice: &impl ToString) -> PyErr {
    raise(py, "SignError", (advice.to_string(),))
}

/// The exception of a class of `sealwire._errors`. The class is looked up each time, and not kept in a static: a process may
/// have several interpreters, as under uWSGI, and each has its own class.
fn raise<'py>(py: Python<'py>, class: &str, arguments: impl PyCallArgs<'py>) -> PyErr {
    let raised = py.import(MODULE).and_then(|module| module.getattr(class)?.call1(arguments));
    raised.map_or_else(|error| error, PyErr::from_value)
}
