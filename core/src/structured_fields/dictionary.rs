//! Dictionaries (RFC 9651 section 3.2).

use super::bare_item::BareItem;
use super::cursor::{Cursor, Parsed};
use super::inner_list::Member;
use super::item::Item;
use super::lines::Lines;
use super::members::Members;
use super::parameters::parse_parameters;
use super::syntax_error::SyntaxError;
use super::text::parse_key;
use super::visit::{Visitor, parse_member};
use crate::bytes::text::known_ascii;

/// A field of type Dictionary.
#[derive(Clone, Debug)]
pub struct Dictionary<L> {
    lines: L,
}

impl<'a, L: Lines<'a>> Dictionary<L> {
    /// Validates the complete field. A field without lines is an empty dictionary.
    ///
    /// # Errors
    /// [`SyntaxError`] if a line is not a dictionary, or one of several lines is empty.
    pub fn parse(lines: L) -> Result<Self, SyntaxError> {
        let mut members = Members::new(lines.clone());
        while members.next_with(|cursor| parse_entry(cursor, &mut ()))?.is_some() {}
        Ok(Self { lines })
    }

    /// Validates the complete field and passes its parts to `visitor`, in a single pass.
    pub(crate) fn visit(lines: L, visitor: &mut impl Visitor<'a>) -> Result<(), SyntaxError> {
        let mut members = Members::new(lines);
        while let Some((key, member)) = members.next_with(|cursor| parse_entry(cursor, visitor))? {
            let read = visitor.member(key, member);
            read.map_err(|expected| SyntaxError { line: 0, offset: 0, expected })?;
        }
        Ok(())
    }

    /// Returns all members as sent, including repeated keys.
    pub fn sent(&self) -> impl Iterator<Item = (&'a str, Member<'a>)> {
        self.sent_bytes().map(|(key, member)| (known_ascii(key), member))
    }

    /// Returns the last value of `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Member<'a>> {
        self.last(key.as_bytes())
    }

    /// Returns `true` if the dictionary has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sent_bytes().next().is_none()
    }

    fn sent_bytes(&self) -> impl Iterator<Item = (&'a [u8], Member<'a>)> {
        let mut members = Members::new(self.lines.clone());
        core::iter::from_fn(move || members.next_with(|cursor| parse_entry(cursor, &mut ())).ok().flatten())
    }

    /// Returns the members as sent. Each has a key and the bytes after it, which start with `=` or with the `;` of a parameter.
    pub(super) fn spelled(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
        let mut members = Members::new(self.lines.clone());
        let next = |cursor: &mut Cursor<'a>| {
            let key = parse_key(cursor)?;
            let start = *cursor;
            parse_value(cursor, &mut ())?;
            Ok((key, cursor.since(&start)))
        };
        core::iter::from_fn(move || members.next_with(next).ok().flatten())
    }

    fn last(&self, key: &[u8]) -> Option<Member<'a>> {
        self.sent_bytes().filter(|(sent, _)| *sent == key).last().map(|(_, value)| value)
    }
}

fn parse_entry<'a>(
    cursor: &mut Cursor<'a>,
    visitor: &mut impl Visitor<'a>,
) -> Parsed<(&'a [u8], Member<'a>)> {
    let key = parse_key(cursor)?;
    Ok((key, parse_value(cursor, visitor)?))
}

/// Parses the value of a member, from its `=` on. Without one it is true.
pub(super) fn parse_value<'a>(cursor: &mut Cursor<'a>, visitor: &mut impl Visitor<'a>) -> Parsed<Member<'a>> {
    if cursor.eat(b'=') {
        return parse_member(cursor, visitor);
    }
    Ok(Member::Item(Item { value: BareItem::Boolean(true), parameters: parse_parameters(cursor)? }))
}
