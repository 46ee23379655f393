//! Display strings (RFC 9651 section 3.3.8), which contain Unicode text as percent-encoded UTF-8.

use super::cursor::{Cursor, Parsed};
use super::text::is_string_byte;
use crate::bytes::percent;
use crate::bytes::text::known_ascii;

/// A display string in its percent-encoded form, without the quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DisplayString<'a> {
    encoded: &'a str,
}

impl<'a> DisplayString<'a> {
    /// Returns the characters of the text. The text can contain control characters.
    pub fn chars(&self) -> impl Iterator<Item = char> + 'a {
        let mut cursor = Cursor::new(self.encoded.as_bytes(), 0);
        core::iter::from_fn(move || next_char(&mut cursor).ok())
    }
}

pub(super) fn parse_display_string<'a>(cursor: &mut Cursor<'a>) -> Parsed<DisplayString<'a>> {
    cursor.expect(b'%', "'%'")?;
    cursor.expect(b'"', "'\"' after '%'")?;
    let start = *cursor;
    while cursor.peek() != Some(b'"') {
        next_char(cursor)?;
    }
    let encoded = known_ascii(cursor.since(&start));
    cursor.is_canonical = false; // display strings are rare, so their form is not checked
    cursor.expect(b'"', "'\"'")?;
    Ok(DisplayString { encoded })
}

fn next_char(cursor: &mut Cursor<'_>) -> Parsed<char> {
    let start = *cursor;
    let first = next_byte(cursor)?;
    decode_char(first, || next_byte(cursor).ok()).ok_or_else(|| start.error("UTF-8"))
}

/// Reads a byte, which is either plain or encoded as `%xx` in lower-case hex.
fn next_byte(cursor: &mut Cursor<'_>) -> Parsed<u8> {
    let start = *cursor;
    match cursor.next() {
        Some(b'%') => encoded_byte(cursor).ok_or_else(|| start.error("'%' and two lower-case hex digits")),
        Some(byte) if is_string_byte(byte) && byte != b'"' => Ok(byte),
        _ => Err(start.error("visible ASCII or a closing '\"'")),
    }
}

fn encoded_byte(cursor: &mut Cursor<'_>) -> Option<u8> {
    let (high, low) = (cursor.next()?, cursor.next()?);
    if high.is_ascii_uppercase() || low.is_ascii_uppercase() {
        return None;
    }
    percent::decode(high, low)
}

/// Decodes a UTF-8 character that starts with the byte `first`. Calls `more` to get each following byte.
/// Returns `None` for invalid UTF-8.
pub(crate) fn decode_char(first: u8, mut more: impl FnMut() -> Option<u8>) -> Option<char> {
    let length = match first {
        0x00..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let mut bytes = [0; 4];
    let bytes = bytes.get_mut(..length)?;
    for (index, slot) in bytes.iter_mut().enumerate() {
        *slot = if index == 0 { first } else { more()? };
    }
    core::str::from_utf8(bytes).ok()?.chars().next()
}
