//! Base64 encoding of public values. The encoder uses lookup tables, so the encoding is not constant-time.

use super::sink::Sink;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The number of bytes that are encoded at once. It is a multiple of 3, so only the last chunk is padded.
const ENCODED_AT_ONCE: usize = 48;

/// Concatenates the parts and writes them as Base64. The parts are copied with `copy_from_slice` instead of
/// byte by byte. The encoder reads whole words, and reading a word just after its bytes were written one by
/// one is slow (docs/decisions/0009).
pub(crate) fn put<'a>(sink: &mut dyn Sink, parts: impl IntoIterator<Item = &'a [u8]>) {
    let (mut chunk, mut held) = ([0; ENCODED_AT_ONCE], 0);
    for mut part in parts {
        while let Some(free) = chunk.get_mut(held..).filter(|_| !part.is_empty()) {
            let (now, later) = part.split_at_checked(free.len()).unwrap_or((part, &[]));
            free.split_at_mut(now.len()).0.copy_from_slice(now);
            (held, part) = (held + now.len(), later);
            if held == ENCODED_AT_ONCE {
                encode(sink, &chunk);
                held = 0;
            }
        }
    }
    encode(sink, chunk.get(..held).unwrap_or_default());
}

fn encode(sink: &mut dyn Sink, chunk: &[u8]) {
    // The buffer is large enough for a chunk, so encoding cannot fail.
    let mut text = [0; ENCODED_AT_ONCE / 3 * 4];
    let length = STANDARD.encode_slice(chunk, &mut text).unwrap_or_default();
    sink.put(text.get(..length).unwrap_or_default());
}
