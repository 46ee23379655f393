//! Errors of the parser.

/// The position and the expected syntax of a parse error. Contains no part of the value, so it can be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at byte {offset} of line {line}")]
pub struct SyntaxError {
    /// The index of the field line, starting at 0.
    pub line: usize,
    /// The byte offset in the line, starting at 0.
    pub offset: usize,
    /// The expected syntax at that position, as a noun.
    pub expected: &'static str,
}
