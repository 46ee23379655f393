//! Interrupts raised by the clock of the application, such as `KeyboardInterrupt`.

use std::cell::Cell;

use pyo3::prelude::*;

thread_local! {
    /// The last interrupt of a verifier's clock, until the rejection that it caused is raised.
    static INTERRUPT: Cell<Option<PyErr>> = const { Cell::new(None) };
}

/// Stores an interrupt for this thread.
pub(crate) fn set(interrupt: PyErr) {
    INTERRUPT.set(Some(interrupt));
}

/// Removes and returns the interrupt of this thread. It is raised instead of the rejection.
pub(crate) fn take() -> Option<PyErr> {
    INTERRUPT.take()
}
