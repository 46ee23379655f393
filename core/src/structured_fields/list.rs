//! Lists and inner lists (RFC 9651 sections 3.1, 3.1.1).

use super::inner_list::Member;
use super::lines::Lines;
use super::members::Members;
use super::syntax_error::SyntaxError;
use super::visit::parse_member;

/// A field whose type is List.
#[derive(Clone, Debug)]
pub struct List<L> {
    lines: L,
}

impl<'a, L: Lines<'a>> List<L> {
    /// Checks the whole field; no line at all is the empty list.
    ///
    /// # Errors
    /// Some line is not a list, or one of several is empty.
    pub fn parse(lines: L) -> Result<Self, SyntaxError> {
        let mut members = Members::new(lines.clone());
        while members.next_with(|cursor| parse_member(cursor, &mut ()))?.is_some() {}
        Ok(Self { lines })
    }

    /// The members in order.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> {
        let mut members = Members::new(self.lines.clone());
        core::iter::from_fn(move || members.next_with(|cursor| parse_member(cursor, &mut ())).ok().flatten())
    }
}
