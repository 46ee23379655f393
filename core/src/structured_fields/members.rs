//! An iterator over the members of a list or dictionary in the lines of a field.

use super::Lines;
use super::cursor::{Cursor, Parsed};

/// An iterator over comma-separated members in the lines of a field. The end of a line separates two members,
/// as a comma does.
#[derive(Clone, Debug)]
pub(crate) struct Members<'a, L> {
    cursor: Cursor<'a>,
    lines: L,
    line: usize,
    is_first: bool,
}

impl<'a, L: Lines<'a>> Members<'a, L> {
    pub(crate) fn new(mut lines: L) -> Self {
        let mut cursor = Cursor::new(lines.next().unwrap_or_default(), 0);
        cursor.skip_spaces();
        Self { cursor, lines, line: 0, is_first: true }
    }

    pub(super) fn next_with<T>(
        &mut self,
        parse: impl FnOnce(&mut Cursor<'a>) -> Parsed<T>,
    ) -> Parsed<Option<T>> {
        if !self.advance()? {
            return Ok(None);
        }
        self.is_first = false;
        parse(&mut self.cursor).map(Some)
    }

    /// Skips the separator. Returns `false` at the end of the field.
    fn advance(&mut self) -> Parsed<bool> {
        if self.is_first && !self.cursor.is_at_end() {
            return Ok(true);
        }
        self.cursor.skip_white_space();
        if self.cursor.is_at_end() {
            return self.next_line();
        }
        self.cursor.expect(b',', "','")?;
        self.cursor.skip_white_space();
        if self.cursor.is_at_end() { Err(self.cursor.error("a member after ','")) } else { Ok(true) }
    }

    fn next_line(&mut self) -> Parsed<bool> {
        let Some(line) = self.lines.next() else { return Ok(false) };
        self.line += 1;
        let was_first = core::mem::take(&mut self.is_first);
        self.cursor = Cursor::new(line, self.line);
        self.cursor.skip_white_space();
        // If the lines were joined with commas, an empty line would become an empty member.
        if was_first || self.cursor.is_at_end() {
            Err(self.cursor.error("no empty line among several"))
        } else {
            Ok(true)
        }
    }
}
