//! Errors of the parser.

/// The position and the expected syntax of a parse error. Contains no part of the value, so it can be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The index of the field line, starting at 0.
    pub line: usize,
    /// The byte offset in the line, starting at 0.
    pub offset: usize,
    /// The expected syntax at that position, as a noun.
    pub expected: &'static str,
}

impl core::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "expected {} at byte {} of line {}", self.expected, self.offset, self.line)
    }
}

impl core::error::Error for SyntaxError {}
