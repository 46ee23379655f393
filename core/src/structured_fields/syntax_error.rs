//! Why a field does not parse.

/// Where and why a field is not of its type. Carries nothing of the value, so it can be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line of the field, from 0.
    pub line: usize,
    /// The byte of that line, from 0.
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
