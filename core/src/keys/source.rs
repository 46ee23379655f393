//! The source of a sender's keys.

use super::key_set::KeySet;
use crate::mac::sha256::HmacSha256;
use crate::mac::sha512::HmacSha512;
use crate::wire::grammar::canonical_name;

/// The owner of a key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName<'a> {
    /// Two services, in any order: one key for both directions.
    Pair(&'a str, &'a str),
    /// A client id.
    Client(&'a str),
}

impl KeyName<'_> {
    /// The name by which keys are stored and found: canonical, a pair in sorted order.
    #[must_use]
    pub fn canonical(self) -> Self {
        match self {
            Self::Client(id) => Self::Client(canonical_name(id)),
            Self::Pair(one, other) => {
                let (one, other) = (canonical_name(one), canonical_name(other));
                if one <= other { Self::Pair(one, other) } else { Self::Pair(other, one) }
            }
        }
    }
}

/// A ring of key sets. Looking one up does not allocate.
pub trait KeySource {
    /// The key set of this name. An implementation compares [`KeyName::canonical`] of both names.
    fn find(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>>;

    /// Whether requests to `service` can come from two senders or more. Limits on one sender are for the others' sake.
    fn has_several_senders(&self, _service: &str) -> bool {
        true
    }

    /// The key set that signs connection strings.
    fn issuer(&self) -> Option<KeySet<'_, HmacSha512>> {
        None
    }
}

/// Whether these keys let two senders or more call `service`.
pub(crate) fn several_senders<'k>(names: impl Iterator<Item = KeyName<'k>>, service: &str) -> bool {
    let service = canonical_name(service);
    let mut senders = names.filter_map(|name| match name.canonical() {
        KeyName::Client(id) => Some(id),
        KeyName::Pair(one, other) if one == service => Some(other),
        KeyName::Pair(one, other) if other == service => Some(one),
        KeyName::Pair(..) => None,
    });
    senders.next().is_some_and(|first| senders.any(|other| other != first))
}

/// Key sets in static or stack memory, for programs without a heap. Looked up one by one; of two entries with one canonical
/// name the first is found.
#[derive(Clone, Copy, Debug)]
pub struct StaticKeys<'k>(pub &'k [(KeyName<'k>, KeySet<'k, HmacSha256>)]);

impl KeySource for StaticKeys<'_> {
    fn find(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>> {
        let wanted = name.canonical();
        self.0.iter().find(|(held, _)| held.canonical() == wanted).map(|(_, set)| *set)
    }

    fn has_several_senders(&self, service: &str) -> bool {
        several_senders(self.0.iter().map(|(name, _)| *name), service)
    }
}

/// Calls `part` with the pieces of the environment variable that holds a pair's secret, the names sorted and still in
/// their own case: the caller upper-cases them (`HMAC_SECRET_<A>_<B>`).
pub fn variable_name(one: &str, other: &str, mut part: impl FnMut(&str)) {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    for piece in ["HMAC_SECRET_", first, "_", second] {
        part(piece);
    }
}
