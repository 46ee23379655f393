//! Short owned strings that need no allocation.

use ascii::AsciiStr;

/// A UTF-8 string of at most `N` bytes, stored inline.
#[derive(Clone, Copy)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    /// The empty string.
    pub const EMPTY: Self = Self { bytes: [0; N], length: 0 };

    /// Stores `text`, or returns `None` if it is longer than `N` bytes.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let mut held = Self::EMPTY;
        held.bytes.get_mut(..text.len())?.copy_from_slice(text.as_bytes());
        held.length = text.len();
        Some(held)
    }

    /// Stores an untrusted value so that it can be logged safely. The value is truncated to `N` bytes, and
    /// each byte that is not visible ASCII is replaced by `?`.
    #[must_use]
    pub fn printable(value: &[u8]) -> Self {
        let mut held = Self::EMPTY;
        for (slot, byte) in held.bytes.iter_mut().zip(value) {
            *slot = if byte.is_ascii_graphic() { *byte } else { b'?' };
            held.length += 1;
        }
        held
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        let held = self.bytes.get(..self.length).unwrap_or_default();
        // Most values are ASCII, and ASCII can be validated faster than UTF-8.
        ascii(held).or_else(|| core::str::from_utf8(held).ok()).unwrap_or_default()
    }
}

impl<const N: usize> core::fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Debug::fmt(self.as_str(), f)
    }
}

impl<const N: usize> PartialEq for Text<N> {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl<const N: usize> Eq for Text<N> {}

/// Returns the bytes as text if all of them are ASCII, which is faster to check than UTF-8.
#[inline]
pub(crate) fn ascii(bytes: &[u8]) -> Option<&str> {
    AsciiStr::from_ascii(bytes).ok().map(AsciiStr::as_str)
}

/// Converts bytes that are already known to be ASCII.
pub(crate) fn known_ascii(bytes: &[u8]) -> &str {
    ascii(bytes).unwrap_or_default()
}
