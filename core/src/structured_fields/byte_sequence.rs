//! Byte sequences (RFC 9651 section 3.3.5).

use super::cursor::{Cursor, Parsed};
use crate::bytes::byte_class;
use crate::bytes::text::known_ascii;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// A byte sequence as sent. The parser has checked that the text is strict Base64.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ByteSequence<'a> {
    base64: &'a [u8],
}

impl<'a> ByteSequence<'a> {
    /// Returns the Base64 text between the colons.
    #[must_use]
    pub fn base64(&self) -> &'a str {
        known_ascii(self.base64)
    }

    /// Decodes the byte sequence into the start of `out`. Returns `None` if the buffer is too small.
    #[must_use]
    pub fn decode<'o>(&self, out: &'o mut [u8]) -> Option<&'o [u8]> {
        let length = STANDARD.decode_slice(self.base64, out).ok()?;
        out.get(..length)
    }
}

/// Decodes a complete value, including the colons, to exactly `N` bytes. The value is validated and decoded
/// in a single pass.
pub(crate) fn spelled_bytes<const N: usize>(text: &[u8]) -> Option<[u8; N]> {
    let base64 = text.strip_prefix(b":")?.strip_suffix(b":")?;
    let mut bytes = [0; N];
    let length = STANDARD.decode_slice(base64, &mut bytes).ok()?;
    (length == N).then_some(bytes)
}

pub(super) fn parse_byte_sequence<'a>(cursor: &mut Cursor<'a>) -> Parsed<ByteSequence<'a>> {
    cursor.expect(b':', "':'")?;
    let start = *cursor;
    let base64 = cursor.take_while(|byte| byte != b':');
    if !is_strict_base64(base64) {
        return Err(start.error("base64 with padding"));
    }
    cursor.expect(b':', "a closing ':'")?;
    Ok(ByteSequence { base64 })
}

/// Returns `true` for padded standard Base64 in which all unused bits are zero (RFC 4648 sections 3.5 and 4).
/// The text is not decoded here, because it can be longer than any buffer that is available.
fn is_strict_base64(text: &[u8]) -> bool {
    let digits = text.strip_suffix(b"==").or(text.strip_suffix(b"=")).unwrap_or(text);
    let unused = match text.len() - digits.len() {
        1 => 0b11,
        2 => 0b1111,
        _ => 0,
    };
    let last = digits.last().map_or(0, |digit| value(*digit));
    text.len().is_multiple_of(4) && byte_class::all(digits, byte_class::base64) && last & unused == 0
}

/// Returns the six bits of a Base64 digit.
const fn value(digit: u8) -> u8 {
    match digit {
        b'A'..=b'Z' => digit - b'A',
        b'a'..=b'z' => digit - b'a' + 26,
        b'0'..=b'9' => digit - b'0' + 52,
        b'+' => 62,
        _ => 63,
    }
}
