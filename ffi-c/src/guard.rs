//! Catches panics, because unwinding into C code is undefined behaviour.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::{Failure, sealwire_status};

/// Runs the body of a call and converts its result to a status.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    // The assertion is sound: a panic drops the partial results of the body, and all shared state is
    // atomic.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => sealwire_status::Ok as i32,
        Ok(Err(failure)) => failure.code(),
        Err(payload) => {
            // The destructor of the panic payload can panic too, and this second panic is ignored.
            core::mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
            sealwire_status::Panic as i32
        }
    }
}

/// Runs the body of a function that returns no status, and ignores a failure.
pub(crate) fn guard_free(body: impl FnOnce() -> Result<(), Failure>) {
    let _status = guard(body);
}
