//! The parameters of an item or inner list (RFC 9651 section 3.1.2).

use super::bare_item::{BareItem, parse_bare_item};
use super::cursor::{Cursor, Parsed};
use super::text::parse_key;

/// The parameters as sent, after validation. The text starts with the first `;`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parameters<'a> {
    text: &'a [u8],
}

impl<'a> Parameters<'a> {
    /// Returns all parameters as sent, including repeated keys.
    pub fn sent(&self) -> impl Iterator<Item = (&'a [u8], BareItem<'a>)> + Clone + use<'a> {
        let mut cursor = Cursor::new(self.text, 0);
        core::iter::from_fn(move || {
            let key = parse_parameter_key(&mut cursor).ok()?;
            Some((key, parse_parameter_value(&mut cursor).ok()?))
        })
    }

    /// Returns the length in bytes of the parameters as sent.
    #[must_use]
    pub fn sent_length(&self) -> usize {
        self.text.len()
    }
}

pub(super) fn parse_parameters<'a>(cursor: &mut Cursor<'a>) -> Parsed<Parameters<'a>> {
    parse_parameters_with(cursor, |_, _| ())
}

pub(super) fn parse_parameters_with<'a>(
    cursor: &mut Cursor<'a>,
    mut parameter: impl FnMut(&'a [u8], BareItem<'a>),
) -> Parsed<Parameters<'a>> {
    let start = *cursor;
    while cursor.peek() == Some(b';') {
        let key = parse_parameter_key(cursor)?;
        parameter(key, parse_parameter_value(cursor)?);
    }
    Ok(Parameters { text: cursor.since(&start) })
}

fn parse_parameter_key<'a>(cursor: &mut Cursor<'a>) -> Parsed<&'a [u8]> {
    cursor.expect(b';', "';'")?;
    cursor.is_canonical &= cursor.skip_spaces() == 0;
    parse_key(cursor)
}

/// Parses the value of a parameter. This function is separate from [`parse_parameter_key`], because returning
/// a pair of values would be slower.
fn parse_parameter_value<'a>(cursor: &mut Cursor<'a>) -> Parsed<BareItem<'a>> {
    if !cursor.eat(b'=') {
        return Ok(BareItem::Boolean(true));
    }
    cursor.is_canonical &= !cursor.is_next(b"?1"); // in canonical form, the value `true` is omitted
    parse_bare_item(cursor)
}
