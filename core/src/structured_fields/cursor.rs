//! The position of the parser in a field line.

use super::syntax_error::SyntaxError;

pub(super) type Parsed<T> = Result<T, SyntaxError>;

#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor<'a> {
    rest: &'a [u8],
    length: usize,
    line: usize,
    /// Whether all bytes read since this flag was last set to `true` are in canonical form.
    pub(super) is_canonical: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8], line: usize) -> Self {
        Self { rest: text, length: text.len(), line, is_canonical: true }
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.rest.is_empty()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.rest.first().copied()
    }

    pub(super) fn next(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    pub(super) fn is_next(&self, bytes: &[u8]) -> bool {
        self.rest.starts_with(bytes)
    }

    /// Returns `true` if the next bytes are `items`, followed by a space or `)`.
    pub(super) fn starts_with_items(&self, items: &[u8]) -> bool {
        matches!(self.rest.strip_prefix(items), Some([b' ' | b')', ..]))
    }

    /// Skips `byte` if it is the next byte.
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    pub(super) fn expect(&mut self, byte: u8, expected: &'static str) -> Parsed<()> {
        if self.eat(byte) { Ok(()) } else { Err(self.error(expected)) }
    }

    #[inline]
    pub(super) fn take_while(&mut self, accept: impl Fn(u8) -> bool) -> &'a [u8] {
        self.take(self.rest.iter().position(|byte| !accept(*byte)).unwrap_or(self.rest.len()))
    }

    #[inline]
    pub(super) fn take(&mut self, length: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(length).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }

    /// Skips spaces and returns their number.
    #[inline]
    pub(super) fn skip_spaces(&mut self) -> usize {
        self.take_while(|byte| byte == b' ').len()
    }

    /// Skips spaces and tabs, which are allowed around commas.
    pub(super) fn skip_white_space(&mut self) {
        self.take_while(|byte| matches!(byte, b' ' | b'\t'));
    }

    /// Returns the bytes between an earlier position and the current position.
    pub(super) fn since(&self, earlier: &Self) -> &'a [u8] {
        let length = earlier.rest.len().saturating_sub(self.rest.len());
        earlier.rest.get(..length).unwrap_or_default()
    }

    pub(super) fn error(&self, expected: &'static str) -> SyntaxError {
        SyntaxError { line: self.line, offset: self.length.saturating_sub(self.rest.len()), expected }
    }
}
