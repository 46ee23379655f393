//! Structured fields (RFC 9651, which includes RFC 8941), with a strict parser and canonical serialisation.
//!
//! Values borrow from the field lines, so nothing is allocated. `parse` validates the complete value, so
//! iterating over a parsed value cannot fail.
//!
//! The parser is stricter than the RFC in two ways:
//!
//! - Several lines of one field are parsed as one list or dictionary, but a single value may not be split
//!   across lines. Section 4.2 of the RFC calls the result of such a split unpredictable.
//! - A byte sequence must be padded and its unused bits must be zero, so that each value has exactly one
//!   encoding.

pub(crate) mod bare_item;
pub(crate) mod byte_sequence;
mod canonical;
mod cursor;
pub(crate) mod dictionary;
pub(crate) mod display_string;
mod distinct;
pub(crate) mod inner_list;
pub(crate) mod item;
pub(crate) mod list;
pub(crate) mod members;
mod number;
pub(crate) mod parameters;
pub(crate) mod syntax_error;
mod text;
pub(crate) mod write;

pub use bare_item::BareItem;
pub use byte_sequence::ByteSequence;
pub use dictionary::Dictionary;
pub use display_string::DisplayString;
pub use distinct::TooManyKeys;
pub use inner_list::{InnerList, Member};
pub use item::Item;
pub use list::List;
pub use number::Decimal;
pub use parameters::Parameters;
pub use syntax_error::SyntaxError;
pub use text::QuotedString;

/// The lines of a field, in the order received. The iterator can be cloned, so that callers can iterate over
/// a parsed value again.
pub trait Lines<'a>: Iterator<Item = &'a [u8]> + Clone {}

impl<'a, L: Iterator<Item = &'a [u8]> + Clone> Lines<'a> for L {}
