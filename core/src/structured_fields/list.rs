//! Lists (RFC 9651 section 3.1).

use super::Lines;
use super::cursor::Parsed;
use super::inner_list::{Member, parse_member};
use super::members::Members;
use super::syntax_error::SyntaxError;

/// A field of type List.
#[derive(Clone, Debug)]
pub struct List<L> {
    lines: L,
}

impl<'a, L: Lines<'a>> List<L> {
    /// Validates the complete field. A field without lines is an empty list.
    ///
    /// # Errors
    /// [`SyntaxError`] if a line is not a list, or if there are several lines and one of them is empty.
    pub fn parse(lines: L) -> Result<Self, SyntaxError> {
        members(lines.clone()).try_for_each(|member| member.map(drop))?;
        Ok(Self { lines })
    }

    /// Returns the members in the order received.
    pub fn members(&self) -> impl Iterator<Item = Member<'a>> {
        members(self.lines.clone()).map_while(Result::ok)
    }
}

fn members<'a>(lines: impl Lines<'a>) -> impl Iterator<Item = Parsed<Member<'a>>> {
    let mut members = Members::new(lines);
    core::iter::from_fn(move || members.next_with(parse_member).transpose())
}
