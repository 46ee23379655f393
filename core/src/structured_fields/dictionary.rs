//! Dictionaries (RFC 9651 section 3.2).

use super::Lines;
use super::bare_item::BareItem;
use super::byte_sequence::spelled_bytes;
use super::cursor::{Cursor, Parsed};
use super::inner_list::{InnerList, Member, parse_inner_list, parse_member};
use super::item::Item;
use super::members::Members;
use super::parameters::parse_parameters;
use super::syntax_error::SyntaxError;
use super::text::parse_key;

/// A field of type Dictionary.
#[derive(Clone, Debug)]
pub struct Dictionary<L> {
    lines: L,
}

impl<'a, L: Lines<'a>> Dictionary<L> {
    /// Validates the complete field. A field without lines is an empty dictionary.
    ///
    /// # Errors
    /// [`SyntaxError`] if a line is not a dictionary, or if there are several lines and one of them is empty.
    pub fn parse(lines: L) -> Result<Self, SyntaxError> {
        entries(lines.clone()).try_for_each(|entry| entry.map(drop))?;
        Ok(Self { lines })
    }

    /// Returns all members as sent, including repeated keys.
    pub fn sent(&self) -> impl Iterator<Item = (&'a [u8], Member<'a>)> {
        entries(self.lines.clone()).map_while(Result::ok)
    }

    /// Returns the value of `key`. If the key is repeated, returns its last value.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Member<'a>> {
        self.sent().filter(|(sent, _)| *sent == key.as_bytes()).last().map(|(_, member)| member)
    }
}

/// Parses a field and returns its members as sent. If any member is an error, the complete field is invalid,
/// including the members before it.
pub(crate) fn entries<'a>(lines: impl Lines<'a>) -> impl Iterator<Item = Parsed<(&'a [u8], Member<'a>)>> {
    let mut members = Members::new(lines);
    core::iter::from_fn(move || members.next_with(parse_entry).transpose())
}

/// Parses the next member, whose value must be an inner list. See [`parse_inner_list`].
pub(crate) fn next_inner_list<'a>(
    members: &mut Members<'a, impl Lines<'a>>,
    usual: &[u8],
    item: impl FnMut(&'a [u8], Option<&Item<'a>>),
    parameter: impl FnMut(&'a [u8], BareItem<'a>),
) -> Parsed<Option<(&'a [u8], InnerList<'a>)>> {
    members.next_with(|cursor| {
        let key = parse_key(cursor)?;
        cursor.expect(b'=', "an inner list")?;
        Ok((key, parse_inner_list(cursor, usual, item, parameter)?))
    })
}

/// Parses a field and returns the bytes of the member with this key. The inner `Option` is `None` if the
/// value is not a sequence of `N` bytes. A repeated key is an error, because another parser could use the
/// other value.
pub(crate) fn only_bytes<'a, const N: usize>(
    lines: impl Lines<'a>,
    key: &[u8],
) -> Parsed<Option<Option<[u8; N]>>> {
    // Usually, the field has a single member in canonical form, which is decoded without the parser
    // (docs/decisions/0012).
    let mut alone = lines.clone();
    if let (Some(line), None) = (alone.next(), alone.next())
        && let Some(value) = line.strip_prefix(key).and_then(|rest| rest.strip_prefix(b"="))
        && let Some(bytes) = spelled_bytes(value)
    {
        return Ok(Some(Some(bytes)));
    }
    let mut found = None;
    for entry in entries(lines) {
        let (sent, member) = entry?;
        if sent == key && found.replace(member.byte_array()).is_some() {
            return Err(SyntaxError { line: 0, offset: 0, expected: "the member once" });
        }
    }
    Ok(found)
}

fn parse_entry<'a>(cursor: &mut Cursor<'a>) -> Parsed<(&'a [u8], Member<'a>)> {
    let key = parse_key(cursor)?;
    if cursor.eat(b'=') {
        return Ok((key, parse_member(cursor)?));
    }
    Ok((key, Member::Item(Item { value: BareItem::Boolean(true), parameters: parse_parameters(cursor)? })))
}
