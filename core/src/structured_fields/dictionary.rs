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

/// A field whose type is Dictionary.
#[derive(Clone, Debug)]
pub struct Dictionary<L> {
    lines: L,
}

impl<'a, L: Lines<'a>> Dictionary<L> {
    /// Checks the whole field; no line at all is the empty dictionary.
    ///
    /// # Errors
    /// Some line is not a dictionary, or one of several is empty.
    pub fn parse(lines: L) -> Result<Self, SyntaxError> {
        let mut members = Members::new(lines.clone());
        while members.next_with(|cursor| parse_entry(cursor, &mut ()))?.is_some() {}
        Ok(Self { lines })
    }

    /// Checks the whole field and shows its parts on the way: one pass where [`Self::parse`] and [`Self::sent`] take two.
    pub(crate) fn visit(lines: L, visitor: &mut impl Visitor<'a>) -> Result<(), SyntaxError> {
        let mut members = Members::new(lines);
        while let Some((key, member)) = members.next_with(|cursor| parse_entry(cursor, visitor))? {
            visitor.member(key, member);
        }
        Ok(())
    }

    /// Every member as it was sent, including repeated keys. Linear for any input.
    pub fn sent(&self) -> impl Iterator<Item = (&'a str, Member<'a>)> {
        self.sent_bytes().map(|(key, member)| (known_ascii(key), member))
    }

    /// The members as in the RFC: each key once, at its first position, with its last value. Quadratic in their
    /// number: for untrusted input bound [`Self::sent`] first.
    pub fn members(&self) -> impl Iterator<Item = (&'a str, Member<'a>)> {
        self.sent_bytes().enumerate().filter_map(move |(index, (key, _))| {
            let is_repeat = self.sent_bytes().take(index).any(|(earlier, _)| earlier == key);
            if is_repeat { None } else { Some((known_ascii(key), self.last(key)?)) }
        })
    }

    /// The value of `key`; the last one if it was given twice.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Member<'a>> {
        self.last(key.as_bytes())
    }

    /// How often `key` was given. More than once, a reader that takes the first would read another value.
    #[must_use]
    pub fn count(&self, key: &str) -> usize {
        self.sent_bytes().filter(|(sent, _)| *sent == key.as_bytes()).count()
    }

    /// Whether it has no members.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sent_bytes().next().is_none()
    }

    fn sent_bytes(&self) -> impl Iterator<Item = (&'a [u8], Member<'a>)> {
        let mut members = Members::new(self.lines.clone());
        core::iter::from_fn(move || members.next_with(|cursor| parse_entry(cursor, &mut ())).ok().flatten())
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
    if cursor.eat(b'=') {
        return Ok((key, parse_member(cursor, visitor)?));
    }
    let item = Item { value: BareItem::Boolean(true), parameters: parse_parameters(cursor)? };
    Ok((key, Member::Item(item)))
}
