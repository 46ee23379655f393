//! Inner lists (RFC 9651 section 3.1.1), and the members of lists and dictionaries.

use super::cursor::Cursor;
use super::item::{Item, parse_item};
use super::parameters::Parameters;

/// One member of a list, or the value of one in a dictionary.
#[derive(Clone, Copy, Debug)]
pub enum Member<'a> {
    /// A single value.
    Item(Item<'a>),
    /// Several values in parentheses.
    InnerList(InnerList<'a>),
}

/// Items in parentheses, with parameters of their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct InnerList<'a> {
    items: &'a [u8],
    /// The parameters of the whole list.
    pub parameters: Parameters<'a>,
    /// The whole list as sent, where it was sent in its canonical form.
    canonical: Option<&'a [u8]>,
}

impl<'a> InnerList<'a> {
    /// The items in order.
    pub fn items(&self) -> impl Iterator<Item = Item<'a>> + Clone + use<'a> {
        self.sent_items().map(|(_, item)| item)
    }

    /// The items in order, each with its spelling.
    pub(crate) fn sent_items(&self) -> impl Iterator<Item = (&'a [u8], Item<'a>)> + Clone + use<'a> {
        Items { cursor: Cursor::new(self.items, 0) }
    }

    /// An inner list of these parts, already checked.
    pub(super) fn of_parts(items: &'a [u8], parameters: Parameters<'a>, canonical: Option<&'a [u8]>) -> Self {
        Self { items, parameters, canonical }
    }

    /// The whole list as sent, if it is known to be in canonical form.
    pub(crate) fn canonical(&self) -> Option<&'a [u8]> {
        self.canonical
    }

    /// Its length as sent, in bytes, parentheses and parameters included.
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
