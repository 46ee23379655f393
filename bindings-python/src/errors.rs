//! Creates Python exceptions. The classes of the exceptions are written in Python (`sealwire._errors`), because
//! the stable ABI supports native subclasses of `Exception` only from Python 3.12 on.

use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use sealwire_core::{Reason, Rejection, connection_string};

use crate::interrupt;

const MODULE: &str = "sealwire._errors";

/// Creates a `sealwire.Rejected` that contains details for the log. If the clock of the application raised
/// an interrupt, such as `KeyboardInterrupt`, returns the interrupt instead.
pub(crate) fn rejected(py: Python<'_>, rejected: &Rejection) -> PyErr {
    if let Some(raised) = interrupt::take() {
        return raised;
    }
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

/// Creates a `sealwire.TokenRejected` that contains the error code and the response body for the client.
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

/// Creates a `sealwire.ConfigError`, which reports an invalid configuration.
pub(crate) fn config_error(py: Python<'_>, advice: &impl ToString) -> PyErr {
    raise(py, "ConfigError", (advice.to_string(),))
}

/// Creates a `sealwire.SignError`, which reports a request that cannot be signed.
pub(crate) fn sign_error(py: Python<'_>, advice: &impl ToString) -> PyErr {
    raise(py, "SignError", (advice.to_string(),))
}

/// Creates an exception of a class in `sealwire._errors`. The class is looked up on each call, because a
/// process can have several interpreters, for example under uWSGI, and each of them has its own class.
fn raise<'py>(py: Python<'py>, class: &str, arguments: impl PyCallArgs<'py>) -> PyErr {
    let raised = py.import(MODULE).and_then(|module| module.getattr(class)?.call1(arguments));
    raised.map_or_else(|error| error, PyErr::from_value)
}
