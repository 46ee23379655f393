//! Strings, tokens and keys, which consist of ASCII characters (RFC 9651 sections 3.1.2, 3.3.3 and 3.3.4).

use super::cursor::{Cursor, Parsed};
use crate::bytes::byte_class;
use crate::bytes::text::known_ascii;

/// A string as sent, including escapes but without the quotes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotedString<'a> {
    escaped: &'a [u8],
    /// The number of escapes. A `bool` would be sufficient, but would make moving the value slower.
    escapes: usize,
}

impl<'a> QuotedString<'a> {
    /// Returns an iterator over the bytes of the unescaped text. All bytes are ASCII.
    pub fn bytes(&self) -> impl Iterator<Item = u8> + 'a {
        let mut escaped = self.escaped.iter().copied();
        core::iter::from_fn(move || match escaped.next()? {
            b'\\' => escaped.next(),
            byte => Some(byte),
        })
    }

    /// Returns the text if it contains no escapes.
    #[must_use]
    pub fn plain(&self) -> Option<&'a str> {
        self.plain_bytes().map(known_ascii)
    }

    /// Like [`Self::plain`], but returns bytes.
    #[inline]
    pub(crate) fn plain_bytes(&self) -> Option<&'a [u8]> {
        if self.escapes == 0 { Some(self.escaped) } else { None }
    }

    /// Returns the text between the quotes as sent. The text is in canonical form, because only `"` and `\`
    /// can be escaped, and both must be escaped.
    pub(super) fn escaped(&self) -> &'a [u8] {
        self.escaped
    }
}

#[inline]
pub(super) fn parse_string<'a>(cursor: &mut Cursor<'a>) -> Parsed<QuotedString<'a>> {
    cursor.expect(b'"', "'\"'")?;
    let (start, mut escapes) = (*cursor, 0);
    loop {
        cursor.take_while(|byte| byte_class::UNESCAPED.has(byte));
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
    if !matches!(cursor.peek(), Some(b'*' | b'A'..=b'Z' | b'a'..=b'z')) {
        return Err(cursor.error("a letter or '*'"));
    }
    Ok(known_ascii(cursor.take_while(|byte| byte_class::TOKEN.has(byte))))
}

/// Parses a key and returns its bytes.
pub(super) fn parse_key<'a>(cursor: &mut Cursor<'a>) -> Parsed<&'a [u8]> {
    if !matches!(cursor.peek(), Some(b'*' | b'a'..=b'z')) {
        return Err(cursor.error("a key: a lower-case letter or '*'"));
    }
    Ok(cursor.take_while(|byte| byte_class::KEY.has(byte)))
}

fn skip_escape(cursor: &mut Cursor<'_>) -> Parsed<()> {
    cursor.expect(b'\\', "'\\'")?;
    if cursor.eat(b'"') || cursor.eat(b'\\') { Ok(()) } else { Err(cursor.error("'\"' or '\\' after '\\'")) }
}

pub(super) fn is_string_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'~')
}
