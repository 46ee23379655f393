//! Items, which are values with parameters (RFC 9651 section 3.3).

use super::Lines;
use super::bare_item::{BareItem, parse_bare_item};
use super::cursor::{Cursor, Parsed};
use super::parameters::{Parameters, parse_parameters};
use super::syntax_error::SyntaxError;

/// A value with its parameters.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The value.
    pub value: BareItem<'a>,
    /// The parameters of the item.
    pub parameters: Parameters<'a>,
}

impl<'a> Item<'a> {
    /// Parses a field of type Item.
    ///
    /// # Errors
    /// [`SyntaxError`] if the field does not have exactly one line, or if the line is not a single item.
    pub fn parse(lines: impl Lines<'a>) -> Result<Self, SyntaxError> {
        let mut lines = lines;
        let mut cursor = Cursor::new(lines.next().unwrap_or_default(), 0);
        cursor.skip_spaces();
        let item = parse_item(&mut cursor)?;
        cursor.skip_spaces();
        if !cursor.is_at_end() {
            return Err(cursor.error("nothing after the item"));
        }
        match lines.next() {
            None => Ok(item),
            Some(_) => Err(Cursor::new(&[], 1).error("one line only")),
        }
    }
}

pub(super) fn parse_item<'a>(cursor: &mut Cursor<'a>) -> Parsed<Item<'a>> {
    Ok(Item { value: parse_bare_item(cursor)?, parameters: parse_parameters(cursor)? })
}
