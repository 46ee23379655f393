//! Destinations for canonical bytes, such as a MAC computation or a caller's buffer.

use super::byte_class;

/// A destination for bytes. Writing never fails. If the capacity is limited, an overflow is reported at the
/// end.
pub trait Sink {
    /// Appends `bytes`.
    fn put(&mut self, bytes: &[u8]);
}

/// Writes the separator unless `index` is 0. Call this function before each part of a list, with the index of
/// the part.
pub(crate) fn separate(sink: &mut dyn Sink, index: usize, separator: &[u8]) {
    if index > 0 {
        sink.put(separator);
    }
}

/// Writes text in lower case.
pub(crate) fn put_lower_case(sink: &mut impl Sink, value: &[u8]) {
    // Most values are already in lower case.
    if byte_class::all(value, |byte| !byte.is_ascii_uppercase()) {
        return sink.put(value);
    }
    for chunk in value.chunks(64) {
        let mut lower = [0; 64];
        for (slot, byte) in lower.iter_mut().zip(chunk) {
            *slot = byte.to_ascii_lowercase();
        }
        sink.put(lower.get(..chunk.len()).unwrap_or_default());
    }
}

/// A writer for a caller's buffer that detects overflow.
#[derive(Debug)]
pub struct SliceWriter<'b> {
    buffer: &'b mut [u8],
    length: usize,
    overflowed: bool,
}

impl<'b> SliceWriter<'b> {
    /// Creates a writer that writes from the start of `buffer`.
    #[must_use]
    pub fn new(buffer: &'b mut [u8]) -> Self {
        Self { buffer, length: 0, overflowed: false }
    }

    /// Returns the written bytes, or `None` if the buffer was too small.
    #[must_use]
    pub fn finish(self) -> Option<&'b [u8]> {
        let written: &'b [u8] = self.buffer;
        if self.overflowed { None } else { written.get(..self.length) }
    }

    /// Returns the bytes that have been written so far.
    #[must_use]
    pub fn written(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }

    /// Removes all bytes after the first `length`.
    pub(crate) fn truncate(&mut self, length: usize) {
        self.length = self.length.min(length);
    }

    #[inline]
    fn slot(&mut self, length: usize) -> Option<&mut [u8]> {
        let end = self.length.checked_add(length)?;
        let slot = self.buffer.get_mut(self.length..end)?;
        self.length = end;
        Some(slot)
    }
}

impl Sink for SliceWriter<'_> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        // All bytes after an overflow are discarded. Otherwise, a short part could be written after a longer
        // part that did not fit.
        if self.overflowed {
            return;
        }
        match self.slot(bytes.len()) {
            Some(slot) => slot.copy_from_slice(bytes),
            None => self.overflowed = true,
        }
    }
}

impl core::fmt::Write for SliceWriter<'_> {
    fn write_str(&mut self, text: &str) -> core::fmt::Result {
        self.put(text.as_bytes());
        Ok(())
    }
}
