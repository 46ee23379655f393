//! Byte sequences (RFC 9651 section 3.3.5).

use super::cursor::{Cursor, Parsed};
use super::text::as_text;
use base64ct::{Base64, Decoder};

/// Bytes as sent: strict base64, checked while parsing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSequence<'a> {
    base64: &'a str,
}

impl<'a> ByteSequence<'a> {
    /// The base64 text between the colons.
    #[must_use]
    pub fn base64(&self) -> &'a str {
        self.base64
    }

    /// How many bytes it decodes to.
    #[must_use]
    pub fn decoded_length(&self) -> usize {
        let padding = self.base64.bytes().rev().take_while(|byte| *byte == b'=').count();
        (self.base64.len() / 4 * 3).saturating_sub(padding)
    }

    /// Decodes into the front of `out`; `None` when it does not fit.
    #[must_use]
    pub fn decode<'o>(&self, out: &'o mut [u8]) -> Option<&'o [u8]> {
        let out = out.get_mut(..self.decoded_length())?;
        if out.is_empty() {
            return Some(out);
        }
        Decoder::<Base64>::new(self.base64.as_bytes()).ok()?.decode(out).ok()
    }
}

pub(super) fn parse_byte_sequence<'a>(cursor: &mut Cursor<'a>) -> Parsed<ByteSequence<'a>> {
    cursor.expect(b':', "':'")?;
    let start = *cursor;
    let base64 = cursor.take_while(|byte| byte != b':');
    if !is_strict_base64(base64) {
        return Err(start.error("base64 with padding"));
    }
    cursor.expect(b':', "a closing ':'")?;
    Ok(ByteSequence { base64: as_text(base64) })
}

/// Decodes into a small window only to check: the sequence may be longer than any buffer set aside for it.
fn is_strict_base64(text: &[u8]) -> bool {
    if text.is_empty() {
        return true;
    }
    let Ok(mut decoder) = Decoder::<Base64>::new(text) else { return false };
    let mut window = [0; 48];
    while !decoder.is_finished() {
        let wanted = decoder.remaining_len().min(window.len());
        let Some(part) = window.get_mut(..wanted) else { return false };
        if decoder.decode(part).is_err() {
            return false;
        }
    }
    true
}
