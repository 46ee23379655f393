//! Sources of keys, and the names of key sets.

use super::key_set::KeySet;
use crate::mac::sha256::HmacSha256;
use crate::mac::sha512::HmacSha512;
use crate::wire::grammar::canonical_name;

/// The name of a key set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName<'a> {
    /// A pair of services, in any order. Both directions use the same key.
    Pair(&'a str, &'a str),
    /// A client id.
    Client(&'a str),
}

impl KeyName<'_> {
    /// Returns the canonical name, which is used to store and find keys. The two names in a pair are sorted.
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

/// A source of key sets. Lookups do not allocate.
pub trait KeySource {
    /// Returns the key set with this name. Implementations must compare the [`KeyName::canonical`] forms of
    /// the names.
    fn find(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>>;

    /// Returns `true` if two or more senders have keys for `service`. If there is only one sender, per-sender
    /// limits do not apply.
    fn has_several_senders(&self, _service: &str) -> bool {
        true
    }

    /// Returns the key set that signs connection strings.
    fn issuer(&self) -> Option<KeySet<'_, HmacSha512>> {
        None
    }
}

/// Returns `true` if these canonical key names allow two or more senders to call `service`.
pub(crate) fn several_senders<'k>(names: impl Iterator<Item = KeyName<'k>>, service: &str) -> bool {
    let service = canonical_name(service);
    let mut senders = names.filter_map(|name| match name {
        KeyName::Client(id) => Some(id),
        KeyName::Pair(one, other) if one == service => Some(other),
        KeyName::Pair(one, other) if other == service => Some(one),
        KeyName::Pair(..) => None,
    });
    senders.next().is_some_and(|first| senders.any(|other| other != first))
}

/// A list of key sets in static or stack memory, for programs without a heap. The lookup is linear. If two
/// entries have the same canonical name, the first entry is used.
#[derive(Clone, Copy, Debug)]
pub struct StaticKeys<'k>(pub &'k [(KeyName<'k>, KeySet<'k, HmacSha256>)]);

impl KeySource for StaticKeys<'_> {
    fn find(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>> {
        let wanted = name.canonical();
        self.0.iter().find(|(held, _)| held.canonical() == wanted).map(|(_, set)| *set)
    }

    fn has_several_senders(&self, service: &str) -> bool {
        several_senders(self.0.iter().map(|(name, _)| name.canonical()), service)
    }
}

/// Passes the name of the environment variable for a pair's secret (`HMAC_SECRET_<A>_<B>`), part by part, to
/// `part`. The service names are sorted. The caller must convert the parts to upper case.
pub fn variable_name(one: &str, other: &str, mut part: impl FnMut(&str)) {
    let (first, second) = if one <= other { (one, other) } else { (other, one) };
    for piece in ["HMAC_SECRET_", first, "_", second] {
        part(piece);
    }
}
