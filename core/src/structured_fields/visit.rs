//! Seeing the parts of a field while it is read, for a reader who would otherwise read it again to find them.

use super::{BareItem, Item, Member};

/// Is shown the parts of a field in the order they stand, keys given twice included. What was shown counts only if the field
/// turns out well-formed.
pub(crate) trait Visitor<'a> {
    /// An item of an inner list, and how it is spelled.
    fn item(&mut self, sent: &'a [u8], item: &Item<'a>) {
        let _unused = (sent, item);
    }

    /// A parameter of an inner list as a whole.
    fn parameter(&mut self, key: &'a [u8], value: BareItem<'a>) {
        let _unused = (key, value);
    }

    /// A member of a dictionary, after its parts.
    fn member(&mut self, key: &'a [u8], member: Member<'a>) {
        let _unused = (key, member);
    }
}

/// Whoever needs nothing but the outcome.
impl Visitor<'_> for () {}
