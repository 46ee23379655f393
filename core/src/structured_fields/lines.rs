//! The input of every parser: the lines of one field.

/// The lines of one field, in order; clonable, so that a parsed value can be iterated again.
pub trait Lines<'a>: Iterator<Item = &'a [u8]> + Clone {}

impl<'a, L: Iterator<Item = &'a [u8]> + Clone> Lines<'a> for L {}
