//! Stores interrupts, such as `KeyboardInterrupt`, that the clock of the application raises. The core crate
//! cannot return a Python exception, so the interrupt is stored until the rejection is converted to an
//! exception.

use std::cell::Cell;

use pyo3::prelude::*;

thread_local! {
    /// The interrupt to raise instead of the next rejection in this thread.
    static INTERRUPT: Cell<Option<PyErr>> = const { Cell::new(None) };
}

/// Stores an interrupt of this thread.
pub(crate) fn set(interrupt: PyErr) {
    INTERRUPT.set(Some(interrupt));
}

/// Removes the interrupt of this thread and returns it.
pub(crate) fn take() -> Option<PyErr> {
    INTERRUPT.take()
}
