//! Inner lists (RFC 9651 section 3.1.1), and the members of lists and dictionaries.

use super::cursor::Cursor;
use super::item::{Item, parse_item};
use super::parameters::Parameters;

/// A member of a list, or the value of a dictionary member.
#[derive(Clone, Copy, Debug)]
pub enum Member<'a> {
    /// A single value.
    Item(Item<'a>),
    /// A list of values in parentheses.
    InnerList(InnerList<'a>),
}

/// An inner list with its parameters.
#[derive(Clone, Copy, Debug, Default)]
pub struct InnerList<'a> {
    items: &'a [u8],
    /// The parameters of the list.
    pub parameters: Parameters<'a>,
    /// The list as sent, if it is in canonical form.
    canonical: Option<&'a [u8]>,
}

impl<'a> InnerList<'a> {
    /// Returns the items in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'a>> + Clone + use<'a> {
        self.sent_items().map(|(_, item)| item)
    }

    /// Returns the items in order, each with its text as sent.
    pub(crate) fn sent_items(&self) -> impl Iterator<Item = (&'a [u8], Item<'a>)> + Clone + use<'a> {
        Items { cursor: Cursor::new(self.items, 0) }
    }

    /// Creates an inner list from validated parts.
    pub(super) fn of_parts(items: &'a [u8], parameters: Parameters<'a>, canonical: Option<&'a [u8]>) -> Self {
        Self { items, parameters, canonical }
    }

    /// Returns the list as sent if it is known to be in canonical form.
    pub(crate) fn canonical(&self) -> Option<&'a [u8]> {
        self.canonical
    }

    /// Returns the length as sent in bytes, including parentheses and parameters.
    #[must_use]
    pub fn sent_length(&self) -> usize {
        self.items.len() + "()".len() + self.parameters.sent_length()
    }
}

#[derive(Clone)]
struct Items<'a> {
    cursor: Cursor<'a>,
}

impl<'a> Iterator for Items<'a> {
    type Item = (&'a [u8], Item<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.cursor.skip_spaces();
        if self.cursor.is_at_end() {
            return None;
        }
        let start = self.cursor;
        let item = parse_item(&mut self.cursor).ok()?;
        Some((self.cursor.since(&start), item))
    }
}
