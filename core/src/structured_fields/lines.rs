//! The input of all parsers: the lines of a field.

/// The lines of a field, in order. They can be cloned, to iterate over a parsed value again.
pub trait Lines<'a>: Iterator<Item = &'a [u8]> + Clone {}

impl<'a, L: Iterator<Item = &'a [u8]> + Clone> Lines<'a> for L {}
