//! The setting `clock`, a Python callable that returns the current Unix time in milliseconds.

use pyo3::exceptions::PyException;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyInt};
use sealwire_host::{Clock, clock_ms};

use crate::errors;
use crate::interrupt;
use crate::settings::Settings;

/// Returns the value of the setting `clock`. A coroutine function is rejected with `ConfigError`, because it
/// returns a coroutine instead of a time.
pub(crate) fn given<'py>(py: Python<'py>, settings: &Settings<'py>) -> PyResult<Option<Py<PyAny>>> {
    let Some(clock) = settings.get::<Bound<'py, PyAny>>("clock")? else { return Ok(None) };
    if py.import("inspect")?.call_method1("iscoroutinefunction", (&clock,))?.is_truthy()? {
        return Err(errors::config_error(py, &"clock: pass an ordinary function, not a coroutine function"));
    }
    Ok(Some(clock.unbind()))
}

/// Converts the callable to the clock of a verifier. If the callable fails, the exception is logged and the
/// request is rejected.
pub(crate) fn of_verifier(clock: Py<PyAny>) -> Clock {
    Clock::new(move || Python::attach(|py| read(py, &clock).map_err(|failure| report(py, failure)).ok()))
}

fn report(py: Python<'_>, failure: PyErr) {
    if is_interrupt(py, &failure) {
        interrupt::set(failure);
    } else {
        log(py, failure);
    }
}

fn is_interrupt(py: Python<'_>, raised: &PyErr) -> bool {
    !raised.is_instance_of::<PyException>(py)
}

/// Returns the current time in Unix milliseconds, from the setting `clock` or from the system.
pub(crate) fn signing_ms(py: Python<'_>, clock: Option<&Py<PyAny>>) -> PyResult<u64> {
    clock.map_or_else(|| Ok(sealwire_host::now_ms()), |clock| read(py, clock))
}

/// Calls the clock. If the clock raises an exception, returns a `SignError` with this exception as its cause.
/// An interrupt, such as `KeyboardInterrupt`, is returned unchanged.
fn read(py: Python<'_>, clock: &Py<PyAny>) -> PyResult<u64> {
    let value = clock.bind(py).call0().map_err(|raised| {
        if is_interrupt(py, &raised) {
            return raised;
        }
        let error = errors::sign_error(py, &format!("clock: it raised {}", class(&raised, py)));
        error.set_cause(py, Some(raised));
        error
    })?;
    if !value.is_instance_of::<PyInt>() || value.is_instance_of::<PyBool>() {
        let kind = value.get_type().name()?;
        let advice =
            format!("clock: it returned an object of type {kind}, and must return Unix milliseconds, an int");
        return Err(errors::sign_error(py, &advice));
    }
    // A number that does not fit in 64 bits is not a valid time.
    #[expect(clippy::cast_precision_loss, reason = "valid times have at most 47 bits")]
    let number = value.extract::<i64>().map_or(f64::INFINITY, |number| number as f64);
    clock_ms(number).map_err(|wrong| errors::sign_error(py, &format!("clock: {wrong}")))
}

fn class(raised: &PyErr, py: Python<'_>) -> String {
    raised.get_type(py).name().map_or_else(|_| "an exception".into(), |name| name.to_string())
}

fn log(py: Python<'_>, failure: PyErr) {
    let logged = py
        .import("sealwire._report")
        .and_then(|module| module.call_method1("clock_failed", (failure.into_value(py),)));
    if let Err(error) = logged {
        error.write_unraisable(py, None);
    }
}
