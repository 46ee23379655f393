//! Where the pipeline finds a sender's keys.

use super::key_set::KeySet;
use crate::mac::sha256::HmacSha256;
use crate::mac::sha512::HmacSha512;

/// What a key set belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyName<'a> {
    /// Two services, in any order: one key for both directions.
    Pair(&'a str, &'a str),
    /// A client id.
    Client(&'a str),
}

/// A ring of key sets. Looking one up neither allocates nor fails in any other way than not finding it.
pub trait KeySource {
    /// The key set of exactly this name.
    fn exact(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>>;

    /// The key set that signs connection strings.
    fn issuer(&self) -> Option<KeySet<'_, HmacSha512>> {
        None
    }

    /// The key set of this name. Service documents call one service both `practices` and `practices_service`, so for a
    /// pair each name is tried as given, then without `_service`; what is MACed is always the name as sent.
    fn find(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>> {
        let KeyName::Pair(one, other) = name else { return self.exact(name) };
        let pair = |one, other| self.exact(KeyName::Pair(one, other));
        pair(one, other).or_else(|| {
            let (short_one, short_other) = (short(one), short(other));
            pair(short_one, other).or_else(|| pair(one, short_other)).or_else(|| pair(short_one, short_other))
        })
    }
}

/// A service's name without `_service`.
pub(crate) fn short(service: &str) -> &str {
    service.strip_suffix("_service").filter(|rest| !rest.is_empty()).unwrap_or(service)
}

/// Key sets in static or stack memory, for programs without a heap. Looked up one by one.
#[derive(Clone, Copy, Debug)]
pub struct StaticKeys<'k>(pub &'k [(KeyName<'k>, KeySet<'k, HmacSha256>)]);

impl KeySource for StaticKeys<'_> {
    fn exact(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>> {
        self.0.iter().find(|(held, _)| same(*held, name)).map(|(_, set)| *set)
    }
}

fn same(one: KeyName<'_>, other: KeyName<'_>) -> bool {
    match (one, other) {
        (KeyName::Pair(a, b), KeyName::Pair(c, d)) => (a, b) == (c, d) || (a, b) == (d, c),
        _ => one == other,
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
