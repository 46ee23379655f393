//! The error type of the parser.

/// A parse error, with its position and the expected syntax. The error contains no part of the value, so it
/// can be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected} at byte {offset} of line {line}")]
pub struct SyntaxError {
    /// The index of the field line, starting at 0.
    pub line: usize,
    /// The byte offset in the line, starting at 0.
    pub offset: usize,
    /// A noun phrase that describes the expected syntax at this position.
    pub expected: &'static str,
}
