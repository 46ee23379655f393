//! Structured fields (RFC 9651, which includes RFC 8941), parsed strictly and serialised canonically.
//!
//! Values borrow from the field lines and nothing is allocated. `parse` checks the whole value, so everything read
//! from a parsed value afterwards is certain to be well-formed: iteration has no errors.
//!
//! Two deliberate limits, both on the strict side of what the RFC leaves open:
//! - several lines of one field are read as one list or dictionary, but a single value may not continue across
//!   lines (section 4.2 calls the outcome of that unpredictable);
//! - a byte sequence must be padded and its unused bits zero, so that a value has exactly one spelling.

mod bare_item;
mod byte_sequence;
mod canonical;
mod cursor;
mod dictionary;
mod display_string;
mod item;
mod list;
mod number;
mod parameters;
mod text;
mod visit;
pub mod write;

pub use bare_item::BareItem;
pub use byte_sequence::ByteSequence;
pub use dictionary::Dictionary;
pub use display_string::DisplayString;
pub use item::Item;
pub use list::{InnerList, List, Member};
pub use number::Decimal;
pub use parameters::Parameters;
pub use text::QuotedString;
pub use write::Unserializable;

pub(crate) use byte_sequence::spelled_bytes;
pub(crate) use display_string::{decode_char, from_hex};
pub(crate) use visit::Visitor;

/// The lines of one field, in order; clonable so that a parsed value can be walked again.
pub trait Lines<'a>: Iterator<Item = &'a [u8]> + Clone {}

impl<'a, L: Iterator<Item = &'a [u8]> + Clone> Lines<'a> for L {}

/// Where and why a field is not of its type. Carries nothing of the value, so it can be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line of the field, from 0.
    pub line: usize,
    /// The byte of that line, from 0.
    pub offset: usize,
    /// What was expected there, as a noun.
    pub expected: &'static str,
}

impl core::fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "expected {} at byte {} of line {}", self.expected, self.offset, self.line)
    }
}

impl core::error::Error for SyntaxError {}
