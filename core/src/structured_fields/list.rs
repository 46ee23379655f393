//! Lists and inner lists (RFC 9651 sections 3.1, 3.1.1).

use super::inner_list::Member;
use super::lines::Lines;
use super::members::Members;
use super::syntax_error::SyntaxError;
use super::visit::parse_member;

/// A field of type List.
#[derive(Clone, Debug)]
pub struct List<L> {
    lines: L,
}

impl<'a, L: Lines<'a>> List<L> {
    /// Validates the complete field. A field without lines is an empty list.
    ///
    /// # Errors
    /// [`SyntaxError`] if a line is not a list, or one of several lines is empty.
    pub fn parse(lines: L) -> Result<Self, SyntaxError> {
        let mut members = Members::new(lines.clone());
        while members.next_with(|cursor| parse_member(cursor, &mut ()))?.is_some() {}
        Ok(Self { lines })
    }

    /// Returns the members in order.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> {
        let mut members = Members::new(self.lines.clone());
        core::iter::from_fn(move || members.next_with(|cursor| parse_member(cursor, &mut ())).ok().flatten())
    }
}
