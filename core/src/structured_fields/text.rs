//! Strings, tokens and keys (RFC 9651 sections 3.1.2, 3.3.3, 3.3.4): the ASCII types.

use super::cursor::{Cursor, Parsed};
use crate::bytes::byte_class;
use crate::bytes::text::known_ascii;

/// A string as sent between its quotes, escapes and all.
#[derive(Clone, Copy, Debug)]
pub struct QuotedString<'a> {
    escaped: &'a [u8],
    /// A whole word, though only none or some matters: a value with a single byte in it is moved in bits and pieces.
    escapes: usize,
}

impl<'a> QuotedString<'a> {
    /// The text without its escapes, byte by byte; always ASCII.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + 'a {
        let mut escaped = self.escaped.iter().copied();
        core::iter::from_fn(move || match escaped.next()? {
            b'\\' => escaped.next(),
            byte => Some(byte),
        })
    }

    /// The text itself when nothing in it is escaped. A caller without a use for `"` and `\` refuses the rest.
    #[must_use]
    pub fn plain(&self) -> Option<&'a str> {
        self.plain_bytes().map(known_ascii)
    }

    /// [`Self::plain`] without making text of it.
    #[inline]
    pub(crate) fn plain_bytes(&self) -> Option<&'a [u8]> {
        if self.escapes == 0 { Some(self.escaped) } else { None }
    }

    /// The text between the quotes as it was sent; canonical, since only `"` and `\` can be escaped and must be.
    pub(super) fn escaped(&self) -> &'a [u8] {
        self.escaped
    }
}

impl PartialEq for QuotedString<'_> {
    fn eq(&self, other: &Self) -> bool {
        // One spelling each, so equal spellings are equal strings.
        self.escaped == other.escaped
    }
}

impl Eq for QuotedString<'_> {}

impl PartialEq<str> for QuotedString<'_> {
    fn eq(&self, other: &str) -> bool {
        self.bytes().eq(other.bytes())
    }
}

#[inline]
pub(super) fn parse_string<'a>(cursor: &mut Cursor<'a>) -> Parsed<QuotedString<'a>> {
    cursor.expect(b'"', "'\"'")?;
    let (start, mut escapes) = (*cursor, 0);
    loop {
        cursor.take_unescaped();
        match cursor.peek() {
            Some(b'"') => break,
            Some(b'\\') => {
                skip_escape(cursor)?;
                escapes += 1;
            }
            _ => return Err(cursor.error("visible ASCII or a closing '\"'")),
        }
    }
    let escaped = cursor.since(&start);
    cursor.expect(b'"', "'\"'")?;
    Ok(QuotedString { escaped, escapes })
}

pub(super) fn parse_token<'a>(cursor: &mut Cursor<'a>) -> Parsed<&'a str> {
    if !cursor.peek().is_some_and(is_token_start) {
        return Err(cursor.error("a letter or '*'"));
    }
    Ok(known_ascii(cursor.take_while(is_token_byte)))
}

/// The bytes of a key. Most are letters throughout; its callers make text of it only where it leaves this module.
pub(super) fn parse_key<'a>(cursor: &mut Cursor<'a>) -> Parsed<&'a [u8]> {
    if !cursor.peek().is_some_and(is_key_start) {
        return Err(cursor.error("a key: a lower-case letter or '*'"));
    }
    let start = *cursor;
    cursor.take_lower_case();
    cursor.take_while(is_key_byte);
    Ok(cursor.since(&start))
}

fn skip_escape(cursor: &mut Cursor<'_>) -> Parsed<()> {
    cursor.expect(b'\\', "'\\'")?;
    if cursor.eat(b'"') || cursor.eat(b'\\') { Ok(()) } else { Err(cursor.error("'\"' or '\\' after '\\'")) }
}

pub(super) fn is_string_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}

pub(super) fn is_token_start(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'*'
}

pub(super) fn is_token_byte(byte: u8) -> bool {
    byte_class::TOKEN.has(byte)
}

pub(super) fn is_key_start(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte == b'*'
}

pub(super) fn is_key_byte(byte: u8) -> bool {
    byte_class::KEY.has(byte)
}
