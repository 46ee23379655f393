//! The error message of a call.

use core::cell::Cell;
use core::ffi::c_char;
use core::fmt::{Display, Write};

use crate::guard::guard;
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};

/// The size of `sealwire_error.text`, including its NUL.
pub const SEALWIRE_ERROR_SIZE: usize = 512;

/// An error message for the operator: the cause and the remedy. It never contains a secret.
///
/// The argument may be NULL. A message is written for every negative status, and only then.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_error {
    /// The message with a NUL at the end. A longer message is truncated.
    pub text: [c_char; SEALWIRE_ERROR_SIZE],
}

/// The destination of a call's error message, which may be absent.
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

    /// Like [`guard`], but also writes an error message for every negative status.
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

    /// Writes the message and returns the status.
    pub(crate) fn explain(&self, status: sealwire_status, reason: &impl Display) -> Failure {
        self.explained.set(true);
        // SAFETY: guaranteed by the caller of `new`.
        if let Ok(Some(out)) = unsafe { Out::optional(self.out) } {
            let mut message = Message { text: [0; SEALWIRE_ERROR_SIZE], length: 0 };
            // Fails only for a message that is too long; the start of it is written then.
            let _cut = write!(message, "{reason}");
            out.write(sealwire_error { text: message.text });
        }
        Failure::Usage(status)
    }
}

/// Formats without a heap.
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
