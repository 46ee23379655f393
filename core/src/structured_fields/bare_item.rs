//! A value without its parameters (RFC 9651 section 3.3).

use super::byte_sequence::{ByteSequence, parse_byte_sequence};
use super::cursor::{Cursor, Parsed};
use super::display_string::{DisplayString, parse_display_string};
use super::number::{Decimal, Number, parse_date, parse_number};
use super::text::{QuotedString, parse_string, parse_token};

/// One value of one of the eight types. Its type takes a whole word: the rest is then moved in whole words, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum BareItem<'a> {
    /// A whole number of at most 15 digits.
    Integer(i64),
    /// A number with up to three decimal places.
    Decimal(Decimal),
    /// Quoted ASCII.
    String(QuotedString<'a>),
    /// A bare word.
    Token(&'a str),
    /// Bytes as base64.
    ByteSequence(ByteSequence<'a>),
    /// `?1` or `?0`.
    Boolean(bool),
    /// Seconds since the epoch.
    Date(i64),
    /// Unicode text.
    DisplayString(DisplayString<'a>),
}

impl<'a> BareItem<'a> {
    /// The integer, if it is one.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// The text, if it is a string without escapes.
    #[must_use]
    pub fn as_plain_string(&self) -> Option<&'a str> {
        if let Self::String(string) = self { string.plain() } else { None }
    }

    /// [`Self::as_plain_string`] without making text of it.
    #[inline]
    pub(crate) fn as_plain_bytes(&self) -> Option<&'a [u8]> {
        if let Self::String(string) = self { string.plain_bytes() } else { None }
    }

    /// The bytes, if it is a byte sequence.
    #[must_use]
    pub fn as_byte_sequence(&self) -> Option<ByteSequence<'a>> {
        if let Self::ByteSequence(bytes) = self { Some(*bytes) } else { None }
    }
}

impl From<Number> for BareItem<'_> {
    fn from(number: Number) -> Self {
        match number {
            Number::Integer(integer) => Self::Integer(integer),
            Number::Decimal(decimal) => Self::Decimal(decimal),
        }
    }
}

/// The first byte decides the type (section 4.2.3.1).
#[inline]
pub(super) fn parse_bare_item<'a>(cursor: &mut Cursor<'a>) -> Parsed<BareItem<'a>> {
    // Most are strings or numbers, and a comparison is quicker than a table of jumps.
    match cursor.peek() {
        Some(b'"') => parse_string(cursor).map(BareItem::String),
        Some(b'0'..=b'9') => parse_number(cursor).map(BareItem::from),
        _ => parse_other(cursor),
    }
}

#[inline(never)]
fn parse_other<'a>(cursor: &mut Cursor<'a>) -> Parsed<BareItem<'a>> {
    match cursor.peek() {
        Some(b'-') => parse_number(cursor).map(BareItem::from),
        Some(b'*' | b'A'..=b'Z' | b'a'..=b'z') => parse_token(cursor).map(BareItem::Token),
        Some(b':') => parse_byte_sequence(cursor).map(BareItem::ByteSequence),
        Some(b'?') => parse_boolean(cursor).map(BareItem::Boolean),
        Some(b'@') => parse_date(cursor).map(BareItem::Date),
        Some(b'%') => parse_display_string(cursor).map(BareItem::DisplayString),
        _ => Err(cursor.error("a value")),
    }
}

fn parse_boolean(cursor: &mut Cursor<'_>) -> Parsed<bool> {
    cursor.expect(b'?', "'?'")?;
    if cursor.eat(b'1') {
        return Ok(true);
    }
    cursor.expect(b'0', "'0' or '1' after '?'").map(|()| false)
}
