//! Visitors, which process the parts of a field while it is parsed, instead of in a second pass.

use super::bare_item::BareItem;
use super::cursor::{Cursor, Parsed};
use super::inner_list::{InnerList, Member};
use super::item::{Item, parse_item};
use super::parameters::parse_parameters_with;

/// Receives the parts of a field in order, including repeated keys. The parts are valid only if parsing
/// succeeds.
pub(crate) trait Visitor<'a> {
    /// Accepts the first items of an inner list in one step if it recognises their canonical spelling, followed
    /// by a space or `)`. Returns their length in bytes, otherwise 0.
    fn default_items(&mut self, list: &'a [u8]) -> usize {
        let _unused = list;
        0
    }

    /// Receives an item of an inner list with its text as sent.
    fn item(&mut self, sent: &'a [u8], item: &Item<'a>) {
        let _unused = (sent, item);
    }

    /// Like [`Self::default_items`], for parameters of an inner list, starting with `;`.
    fn default_parameters(&mut self, list: &'a [u8]) -> usize {
        let _unused = list;
        0
    }

    /// Receives a parameter of an inner list.
    fn parameter(&mut self, key: &'a [u8], value: BareItem<'a>) {
        let _unused = (key, value);
    }

    /// Receives a member of a dictionary. Its value and parameters were received before.
    fn member(&mut self, key: &'a [u8], member: Member<'a>) -> Result<(), &'static str> {
        let _unused = (key, member);
        Ok(())
    }
}

/// A visitor that ignores all parts.
impl Visitor<'_> for () {}

pub(super) fn parse_member<'a>(
    cursor: &mut Cursor<'a>,
    visitor: &mut impl Visitor<'a>,
) -> Parsed<Member<'a>> {
    if cursor.peek() == Some(b'(') {
        parse_inner_list(cursor, visitor).map(Member::InnerList)
    } else {
        parse_item(cursor).map(Member::Item)
    }
}

fn parse_inner_list<'a>(cursor: &mut Cursor<'a>, visitor: &mut impl Visitor<'a>) -> Parsed<InnerList<'a>> {
    cursor.is_canonical = true;
    let open = *cursor;
    cursor.expect(b'(', "'('")?;
    let start = *cursor;
    let known = visitor.default_items(cursor.rest());
    cursor.take(known);
    let mut is_first = known == 0;
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
        let item = parse_item(cursor)?;
        visitor.item(cursor.since(&before), &item);
        if !matches!(cursor.peek(), Some(b' ' | b')')) {
            return Err(cursor.error("a space or ')'"));
        }
    };
    let parameters = parse_parameters_with(
        cursor,
        visitor,
        |visitor, list| visitor.default_parameters(list),
        |visitor, key, value| visitor.parameter(key, value),
    )?;
    let canonical = cursor.is_canonical.then(|| cursor.since(&open));
    Ok(InnerList::of_parts(items, parameters, canonical))
}
