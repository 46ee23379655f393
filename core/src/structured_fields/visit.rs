//! Seeing the parts of a field while it is read, for a reader who would otherwise read it again to find them.

use super::{BareItem, Item, Member};

/// Is shown the parts of a field in the order they stand, keys given twice included. What was shown counts only if the field
/// turns out well-formed.
pub(crate) trait Visitor<'a> {
    /// Takes the items that an inner list begins with in one step, where it knows them by their spelling, and says how many
    /// bytes they are: canonical items, with a space or `)` to follow. 0 where it does not.
    fn known_items(&mut self, list: &'a [u8]) -> usize {
        let _unused = list;
        0
    }

    /// An item of an inner list, and how it is spelled.
    fn item(&mut self, sent: &'a [u8], item: &Item<'a>) {
        let _unused = (sent, item);
    }

    /// As [`Self::known_items`], of parameters of an inner list as a whole, from the `;` on.
    fn known_parameters(&mut self, list: &'a [u8]) -> usize {
        let _unused = list;
        0
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
