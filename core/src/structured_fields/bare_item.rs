//! Bare items, which are values without parameters (RFC 9651 section 3.3).

use super::byte_sequence::{ByteSequence, parse_byte_sequence};
use super::cursor::{Cursor, Parsed};
use super::display_string::{DisplayString, parse_display_string};
use super::number::{Decimal, Number, parse_date, parse_number};
use super::text::{QuotedString, parse_string, parse_token};

/// A value of one of the eight types. The enum tag has the size of a machine word, so that the value can be
/// moved in whole words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub enum BareItem<'a> {
    /// An integer of at most 15 digits.
    Integer(i64),
    /// A number with up to three decimal places.
    Decimal(Decimal),
    /// An ASCII string in quotes.
    String(QuotedString<'a>),
    /// An unquoted word.
    Token(&'a str),
    /// Bytes encoded as Base64.
    ByteSequence(ByteSequence<'a>),
    /// A boolean, which is sent as `?1` or `?0`.
    Boolean(bool),
    /// A date in seconds since the Unix epoch.
    Date(i64),
    /// Unicode text.
    DisplayString(DisplayString<'a>),
}

impl<'a> BareItem<'a> {
    /// Returns the value if it is an integer.
    #[must_use]
    pub fn as_integer(&self) -> Option<i64> {
        if let Self::Integer(number) = self { Some(*number) } else { None }
    }

    /// Returns the text if the value is a string without escapes.
    #[must_use]
    pub fn as_plain_string(&self) -> Option<&'a str> {
        if let Self::String(string) = self { string.plain() } else { None }
    }

    /// Like [`Self::as_plain_string`], but returns bytes.
    #[inline]
    pub(crate) fn as_plain_bytes(&self) -> Option<&'a [u8]> {
        if let Self::String(string) = self { string.plain_bytes() } else { None }
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

/// Parses a bare item. The first byte determines the type (section 4.2.3.1).
#[inline]
pub(super) fn parse_bare_item<'a>(cursor: &mut Cursor<'a>) -> Parsed<BareItem<'a>> {
    // Strings and numbers are the most frequent types, so they are checked first.
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
