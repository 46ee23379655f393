//! Catches panics, because unwinding into C is undefined.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::{Failure, sealwire_status};

/// Runs the body of a call and converts its result to a status.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    // Sound, because a panic drops partial results with the body, and shared state is behind atomics.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => sealwire_status::Ok as i32,
        Ok(Err(failure)) => failure.code(),
        Err(payload) => {
            // The destructor of the payload can panic too. A second failure is ignored.
            core::mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
            sealwire_status::Panic as i32
        }
    }
}

/// For functions that free and return nothing.
pub(crate) fn guard_free(body: impl FnOnce() -> Result<(), Failure>) {
    let _status = guard(body);
}
