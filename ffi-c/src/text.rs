//! Text arguments and text results of the functions.

use core::ffi::c_char;

use crate::pointer::{Out, OutSlice, slice};
use crate::status::{Failure, sealwire_status};

/// A pointer to bytes, and the number of bytes. Every byte value is allowed, and a final NUL is not
/// required. `data` may be NULL if `length` is 0. A function borrows the bytes only for the duration of the
/// call, unless its comment states otherwise. `sealwire_text_of` creates a `sealwire_text` from a C string.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_text {
    /// A pointer to the first byte.
    pub data: *const c_char,
    /// The number of bytes.
    pub length: usize,
}

impl sealwire_text {
    /// Returns a static string that ends with a NUL, which the length does not include.
    pub(crate) const fn of_c(text: &'static core::ffi::CStr) -> Self {
        Self { data: text.as_ptr(), length: text.to_bytes().len() }
    }

    /// Returns a `sealwire_text` that borrows `text`. The caller must keep `text` while the result is used.
    pub(crate) const fn of(text: &[u8]) -> Self {
        Self { data: text.as_ptr().cast(), length: text.len() }
    }

    /// # Safety
    /// `data` is NULL or points to `length` bytes that are not modified during the lifetime `'a`.
    pub(crate) unsafe fn bytes<'a>(self) -> Result<&'a [u8], Failure> {
        // SAFETY: guaranteed by the caller of this function.
        unsafe { slice(self.data.cast(), self.length) }
    }

    /// # Safety
    /// The same as for [`sealwire_text::bytes`].
    pub(crate) unsafe fn str<'a>(self) -> Result<&'a str, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let bytes = unsafe { self.bytes() }?;
        core::str::from_utf8(bytes).map_err(|_| sealwire_status::InvalidArgument.into())
    }

    /// # Safety
    /// The same as for [`sealwire_text::bytes`].
    pub(crate) unsafe fn optional_str<'a>(self) -> Result<Option<&'a str>, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let text = unsafe { self.str() }?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

/// The output arguments for a string of any length: a buffer with its size, and the length of the string.
pub(crate) struct TextOut {
    buffer: OutSlice<u8>,
    is_measured: bool,
    length: Out<usize>,
}

impl TextOut {
    /// # Safety
    /// Each pointer is NULL or points to memory of the given size. Only this call uses the memory.
    pub(crate) unsafe fn new(
        buffer: *mut c_char,
        buffer_size: usize,
        length: *mut usize,
    ) -> Result<Self, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let (buffer, length) = unsafe { (OutSlice::new(buffer.cast(), buffer_size)?, Out::new(length)?) };
        Ok(Self { buffer, is_measured: buffer_size == 0, length })
    }

    /// Writes the string with a final NUL, and the length of the string. If the size of the buffer is 0,
    /// writes only the length.
    pub(crate) fn write(self, mut text: String) -> Result<(), Failure> {
        let length = text.len();
        text.push('\0');
        if !self.is_measured {
            self.buffer.write(text.as_bytes())?;
        }
        self.length.write(length);
        Ok(())
    }
}

/// Copies text into a C array with a final NUL. Truncates a text that does not fit.
pub(crate) fn filled<const N: usize>(text: &str) -> [c_char; N] {
    let mut array = [0; N];
    for (place, byte) in array.iter_mut().take(N.saturating_sub(1)).zip(text.bytes()) {
        *place = c_char::from_ne_bytes([byte]);
    }
    array
}
