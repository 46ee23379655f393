//! Incremental Base64 encoding with a small fixed buffer.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A multiple of 3, so only the last chunk is padded.
const CHUNK: usize = 48;

/// Encodes bytes to Base64 in chunks.
#[derive(Clone)]
pub(super) struct Encoder {
    chunk: [u8; CHUNK],
    held: usize,
}

impl Encoder {
    pub(super) const fn new() -> Self {
        Self { chunk: [0; CHUNK], held: 0 }
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], sink: &mut impl FnMut(&[u8])) {
        while !bytes.is_empty() {
            let free = self.chunk.get_mut(self.held..).unwrap_or_default();
            let (now, later) = bytes.split_at_checked(free.len()).unwrap_or((bytes, &[]));
            free.iter_mut().zip(now).for_each(|(slot, byte)| *slot = *byte);
            self.held += now.len();
            bytes = later;
            if self.held == CHUNK {
                self.flush(sink);
            }
        }
    }

    /// Encodes the remaining bytes and adds the padding.
    pub(super) fn flush(&mut self, sink: &mut impl FnMut(&[u8])) {
        if self.held == 0 {
            return;
        }
        let mut text = [0; CHUNK / 3 * 4];
        let held = self.chunk.get(..self.held).unwrap_or_default();
        // The output buffer is large enough for a whole chunk, so encoding cannot fail.
        let length = STANDARD.encode_slice(held, &mut text).unwrap_or_default();
        sink(text.get(..length).unwrap_or_default());
        self.held = 0;
    }
}
