//! Error messages of failed calls.

use core::cell::Cell;
use core::ffi::c_char;
use core::fmt::{Display, Write};

use crate::guard::guard;
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};

/// The size of `sealwire_error.text` in bytes, including the NUL.
pub const SEALWIRE_ERROR_SIZE: usize = 512;

/// An error message for the operator, which states the cause of a failure and how to fix it. It never
/// contains a secret.
///
/// A function writes a message if it returns a negative status, and only then. The `error` argument of a
/// function may be NULL.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_error {
    /// The message, which ends with a NUL. A message that does not fit is truncated.
    pub text: [c_char; SEALWIRE_ERROR_SIZE],
}

/// The error argument of a call, which may be NULL.
#[derive(Debug)]
pub(crate) struct ErrorOut {
    out: *mut sealwire_error,
    explained: Cell<bool>,
}

impl ErrorOut {
    /// # Safety
    /// `error` is NULL or points to memory that only this call uses.
    pub(crate) unsafe fn new(error: *mut sealwire_error) -> Self {
        Self { out: error, explained: Cell::new(false) }
    }

    /// Runs the body of a call like [`guard`]. Also writes an error message if the status is negative.
    pub(crate) fn guard(&self, body: impl FnOnce() -> Result<(), Failure>) -> i32 {
        guard(|| {
            body().inspect_err(|failure| match failure {
                Failure::Usage(status) if !self.explained.get() => {
                    let _usage = self.explain(*status, &status.message());
                }
                _ => {}
            })
        })
    }

    /// Writes `reason` as the error message and returns the status.
    pub(crate) fn explain(&self, status: sealwire_status, reason: &impl Display) -> Failure {
        self.explained.set(true);
        // SAFETY: guaranteed by the caller of `new`.
        if let Ok(Some(out)) = unsafe { Out::optional(self.out) } {
            let mut message = Message { text: [0; SEALWIRE_ERROR_SIZE], length: 0 };
            // Writing fails only if the message is too long, and `message` then contains its beginning.
            let _cut = write!(message, "{reason}");
            out.write(sealwire_error { text: message.text });
        }
        Failure::Usage(status)
    }
}

/// A formatter with a fixed-size buffer, because functions for programs without a heap must not allocate
/// memory.
struct Message {
    text: [c_char; SEALWIRE_ERROR_SIZE],
    length: usize,
}

impl Write for Message {
    fn write_str(&mut self, piece: &str) -> core::fmt::Result {
        for byte in piece.bytes() {
            let capacity = self.text.len().saturating_sub(1);
            let place = self
                .text
                .get_mut(..capacity)
                .and_then(|text| text.get_mut(self.length))
                .ok_or(core::fmt::Error)?;
            *place = c_char::from_ne_bytes([byte]);
            self.length += 1;
        }
        Ok(())
    }
}
