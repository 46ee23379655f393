//! The parameters of an item or inner list (RFC 9651 section 3.1.2).

use super::bare_item::{BareItem, parse_bare_item};
use super::cursor::{Cursor, Parsed};
use super::text::parse_key;
use crate::bytes::text::known_ascii;

/// Validated parameters as sent, starting with the first `;`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parameters<'a> {
    text: &'a [u8],
}

impl<'a> Parameters<'a> {
    /// Returns all parameters as sent, including repeated keys.
    pub fn sent(&self) -> impl Iterator<Item = (&'a str, BareItem<'a>)> + Clone + use<'a> {
        self.sent_bytes().map(|(key, value)| (known_ascii(key), value))
    }

    /// Returns the last value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<BareItem<'a>> {
        self.last(key.as_bytes())
    }

    /// Returns `true` if there are no parameters.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the length as sent in bytes.
    #[must_use]
    pub fn sent_length(&self) -> usize {
        self.text.len()
    }

    /// Like [`Self::sent`], but returns the keys as bytes.
    pub(crate) fn sent_bytes(&self) -> impl Iterator<Item = (&'a [u8], BareItem<'a>)> + Clone + use<'a> {
        Sent { cursor: Cursor::new(self.text, 0) }
    }

    /// Returns the parameters as sent: each key, and the bytes from its `=` on.
    pub(super) fn spelled(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        let mut cursor = Cursor::new(self.text, 0);
        core::iter::from_fn(move || {
            let key = parse_parameter_key(&mut cursor).ok()?;
            let start = cursor;
            parse_parameter_value(&mut cursor).ok()?;
            Some((key, cursor.since(&start)))
        })
    }

    fn last(&self, key: &[u8]) -> Option<BareItem<'a>> {
        self.sent_bytes().filter(|(sent, _)| *sent == key).last().map(|(_, value)| value)
    }
}

#[derive(Clone)]
struct Sent<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for Sent<'a> {
    type Item = (&'a [u8], BareItem<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.cursor.is_at_end() {
            return None;
        }
        let key = parse_parameter_key(&mut self.cursor).ok()?;
        Some((key, parse_parameter_value(&mut self.cursor).ok()?))
    }
}

pub(super) fn parse_parameters<'a>(cursor: &mut Cursor<'a>) -> Parsed<Parameters<'a>> {
    parse_parameters_with(cursor, &mut (), |(), _| 0, |(), _, _| {})
}

/// Parses parameters. `skip` returns the number of bytes that it recognises as canonical parameters.
/// `parameter` is called for all others.
#[inline]
pub(super) fn parse_parameters_with<'a, S>(
    cursor: &mut Cursor<'a>,
    state: &mut S,
    skip: impl Fn(&mut S, &'a [u8]) -> usize,
    parameter: impl Fn(&mut S, &'a [u8], BareItem<'a>),
) -> Parsed<Parameters<'a>> {
    let start = *cursor;
    while cursor.peek() == Some(b';') {
        let known = skip(state, cursor.rest());
        cursor.take(known);
        if known == 0 {
            let key = parse_parameter_key(cursor)?;
            parameter(state, key, parse_parameter_value(cursor)?);
        }
    }
    Ok(Parameters { text: cursor.since(&start) })
}

fn parse_parameter_key<'a>(cursor: &mut Cursor<'a>) -> Parsed<&'a [u8]> {
    cursor.expect(b';', "';'")?;
    cursor.is_canonical &= cursor.skip_spaces() == 0;
    parse_key(cursor)
}

/// Separate from the key, because moving both as a pair is slower.
pub(super) fn parse_parameter_value<'a>(cursor: &mut Cursor<'a>) -> Parsed<BareItem<'a>> {
    if !cursor.eat(b'=') {
        return Ok(BareItem::Boolean(true));
    }
    cursor.is_canonical &= !cursor.is_next(b"?1"); // true is written without its value
    parse_bare_item(cursor)
}
