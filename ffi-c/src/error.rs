//! Why a call could not be carried out, in a sentence.

use core::ffi::c_char;
use core::fmt::{Display, Write};

use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};

/// The size of `sealwire_error.text`, its NUL included.
pub const SEALWIRE_ERROR_SIZE: usize = 512;

/// What went wrong and what to do about it, for a person to read. Never holds a secret.
///
/// Functions that take one accept NULL from those who do not care. It is written only when the status is
/// negative and there is more to say than the status itself does; set `text[0]` to 0 before the call to tell.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_error {
    /// The sentence, cut to fit, ended by a NUL.
    pub text: [c_char; SEALWIRE_ERROR_SIZE],
}

/// Where a call's error goes, if anywhere.
#[derive(Debug)]
pub(crate) struct ErrorOut(Option<Out<sealwire_error>>);

impl ErrorOut {
    /// # Safety
    /// `error` is NULL or points to memory that only this call uses.
    pub(crate) unsafe fn new(error: *mut sealwire_error) -> Result<Self, Failure> {
        // SAFETY: this function's own contract.
        unsafe { Out::optional(error) }.map(Self)
    }

    /// Writes the reason and turns it into the status.
    pub(crate) fn explain(self, status: sealwire_status, reason: &impl Display) -> Failure {
        if let Some(out) = self.0 {
            let mut text = Sentence { text: [0; SEALWIRE_ERROR_SIZE], length: 0 };
            // Only a sentence that is too long fails, and as much of it as fits is written.
            let _cut = write!(text, "{reason}");
            out.write(sealwire_error { text: text.text });
        }
        Failure::Usage(status)
    }
}

/// Formats without a heap.
struct Sentence {
    text: [c_char; SEALWIRE_ERROR_SIZE],
    length: usize,
}

impl Write for Sentence {
    fn write_str(&mut self, piece: &str) -> core::fmt::Result {
        for byte in piece.bytes() {
            let room = self.text.len().saturating_sub(1);
            let place = self
                .text
                .get_mut(..room)
                .and_then(|text| text.get_mut(self.length))
                .ok_or(core::fmt::Error)?;
            *place = c_char::from_ne_bytes([byte]);
            self.length += 1;
        }
        Ok(())
    }
}
