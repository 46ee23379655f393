//! Inner lists (RFC 9651 section 3.1.1), and the members of lists and dictionaries.

use super::bare_item::BareItem;
use super::cursor::{Cursor, Parsed};
use super::item::{Item, parse_item};
use super::parameters::{Parameters, parse_parameters_with};

/// A member of a list, or the value of a dictionary member.
#[derive(Clone, Copy, Debug)]
pub enum Member<'a> {
    /// A single value.
    Item(Item<'a>),
    /// A list of values in parentheses.
    InnerList(InnerList<'a>),
}

impl Member<'_> {
    /// Returns the value if it is a byte sequence of exactly `N` bytes.
    pub(crate) fn byte_array<const N: usize>(&self) -> Option<[u8; N]> {
        let Self::Item(Item { value: BareItem::ByteSequence(bytes), .. }) = self else { return None };
        let mut array = [0; N];
        let decoded = bytes.decode(&mut array)?.len();
        (decoded == N).then_some(array)
    }
}

/// An inner list with its parameters.
#[derive(Clone, Copy, Debug, Default)]
pub struct InnerList<'a> {
    items: &'a [u8],
    /// The parameters of the list.
    pub parameters: Parameters<'a>,
    /// The list as sent, if the parser found that it is in canonical form.
    pub(crate) canonical: Option<&'a [u8]>,
}

impl<'a> InnerList<'a> {
    /// Returns the items in the order received.
    pub fn items(&self) -> impl Iterator<Item = Item<'a>> + Clone + use<'a> {
        self.sent_items().map(|(_, item)| item)
    }

    /// Returns the items in the order received, and the text of each item as sent.
    pub(crate) fn sent_items(&self) -> impl Iterator<Item = (&'a [u8], Item<'a>)> + Clone + use<'a> {
        let mut cursor = Cursor::new(self.items, 0);
        core::iter::from_fn(move || {
            cursor.skip_spaces();
            let start = cursor;
            let item = parse_item(&mut cursor).ok()?;
            Some((cursor.since(&start), item))
        })
    }

    /// Returns the length in bytes of the list as sent, including parentheses and parameters.
    #[must_use]
    pub fn sent_length(&self) -> usize {
        self.items.len() + "()".len() + self.parameters.sent_length()
    }
}

pub(super) fn parse_member<'a>(cursor: &mut Cursor<'a>) -> Parsed<Member<'a>> {
    if cursor.peek() == Some(b'(') {
        parse_inner_list(cursor, b"", |_, _| (), |_, _| ()).map(Member::InnerList)
    } else {
        parse_item(cursor).map(Member::Item)
    }
}

/// Parses an inner list. Calls `item` for each item, with its text as sent and its parsed value. Calls
/// `parameter` for each parameter.
///
/// If the text of the list starts with the items in `usual`, these are not parsed. Instead, `item` is called
/// once for all of them, with `None` as the value (docs/decisions/0012).
pub(super) fn parse_inner_list<'a>(
    cursor: &mut Cursor<'a>,
    usual: &[u8],
    mut item: impl FnMut(&'a [u8], Option<&Item<'a>>),
    parameter: impl FnMut(&'a [u8], BareItem<'a>),
) -> Parsed<InnerList<'a>> {
    cursor.is_canonical = true;
    let open = *cursor;
    cursor.expect(b'(', "'('")?;
    let (start, mut is_first) = (*cursor, true);
    if !usual.is_empty() && cursor.starts_with_items(usual) {
        is_first = false;
        item(cursor.take(usual.len()), None);
    }
    let items = loop {
        let spaces = cursor.skip_spaces();
        let items = cursor.since(&start);
        let is_last = cursor.eat(b')');
        cursor.is_canonical &= spaces == usize::from(!is_first && !is_last);
        if is_last {
            break items;
        }
        is_first = false;
        let before = *cursor;
        let parsed = parse_item(cursor)?;
        item(cursor.since(&before), Some(&parsed));
        if !matches!(cursor.peek(), Some(b' ' | b')')) {
            return Err(cursor.error("a space or ')'"));
        }
    };
    let parameters = parse_parameters_with(cursor, parameter)?;
    let canonical = cursor.is_canonical.then(|| cursor.since(&open));
    Ok(InnerList { items, parameters, canonical })
}
