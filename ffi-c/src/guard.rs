//! No panic leaves the library: unwinding into C is not defined.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::status::{Failure, sealwire_status};

/// Runs a call's body and makes a status of how it ended.
pub(crate) fn guard(body: impl FnOnce() -> Result<(), Failure>) -> i32 {
    // Asserted: what a panic leaves half done is either dropped with the body or behind an atomic.
    match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => sealwire_status::Ok as i32,
        Ok(Err(failure)) => failure.code(),
        Err(payload) => {
            // The payload's own destructor might panic; what that leaves is not worth a third try.
            core::mem::forget(catch_unwind(AssertUnwindSafe(|| drop(payload))));
            sealwire_status::Panic as i32
        }
    }
}

/// For calls that free and have nothing to say.
pub(crate) fn guard_free(body: impl FnOnce() -> Result<(), Failure>) {
    let _status = guard(body);
}
