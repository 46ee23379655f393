//! Bytes with a length, the way in; text in arrays, the way out.

use core::ffi::c_char;

use crate::pointer::slice;
use crate::status::{Failure, sealwire_status};

/// Bytes and how many there are. No NUL is needed at the end, and none is special. `data` may be NULL when
/// `length` is 0. Borrowed for the call it is passed to, unless a function says otherwise. `sealwire_text_of`
/// makes one of a C string.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_text {
    /// Where the bytes are.
    pub data: *const c_char,
    /// How many there are.
    pub length: usize,
}

impl sealwire_text {
    /// A static text; a NUL follows it.
    pub(crate) const fn of_c(text: &'static core::ffi::CStr) -> Self {
        Self { data: text.as_ptr(), length: text.to_bytes().len() }
    }

    /// Text in memory of the caller.
    pub(crate) const fn of(text: &[u8]) -> Self {
        Self { data: text.as_ptr().cast(), length: text.len() }
    }

    /// # Safety
    /// `data` is NULL or points to `length` bytes that are not written to for `'a`.
    pub(crate) unsafe fn bytes<'a>(self) -> Result<&'a [u8], Failure> {
        // SAFETY: this function's own contract.
        unsafe { slice(self.data.cast(), self.length) }
    }

    /// # Safety
    /// As [`sealwire_text::bytes`].
    pub(crate) unsafe fn str<'a>(self) -> Result<&'a str, Failure> {
        // SAFETY: this function's own contract.
        let bytes = unsafe { self.bytes() }?;
        core::str::from_utf8(bytes).map_err(|_| sealwire_status::InvalidArgument.into())
    }

    /// # Safety
    /// As [`sealwire_text::bytes`].
    pub(crate) unsafe fn optional_str<'a>(self) -> Result<Option<&'a str>, Failure> {
        // SAFETY: this function's own contract.
        let text = unsafe { self.str() }?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }
}

/// Copies text into an array of C's, cut to fit and always ended by a NUL.
pub(crate) fn filled<const N: usize>(text: &str) -> [c_char; N] {
    let mut array = [0; N];
    for (place, byte) in array.iter_mut().take(N.saturating_sub(1)).zip(text.bytes()) {
        *place = c_char::from_ne_bytes([byte]);
    }
    array
}
