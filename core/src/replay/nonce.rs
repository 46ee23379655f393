//! Nonces, their positions in a table, and their keys in a shared store.

use core::hash::Hasher as _;
use sha2::{Digest as _, Sha256};
use siphasher::sip128::{Hasher128 as _, SipHasher13};

/// The size of a fingerprint in bits. A claim compares 16 slots, and each slot matches by chance with a
/// probability of 2^-35. In a full table, the probability of a false [`Outcome::Seen`](super::Outcome::Seen)
/// is therefore 4.7e-10.
pub(super) const FINGERPRINT_BITS: u32 = 35;

/// A unique identifier of a request: the sender, and a value that the sender uses only once.
///
/// The scheme is not included. A request that is signed in two schemes therefore has only one nonce and is
/// accepted only once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce<'a> {
    /// The canonical name of the verified sender.
    pub sender: &'a str,
    /// The nonce, request id or signature.
    pub nonce: &'a [u8],
}

/// The position of a nonce in a table. It is computed once, and used for both the lookup and the claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(super) fingerprint: u64,
    pub(super) first: usize,
    pub(super) second: usize,
}

impl Entry {
    /// A position that is not in any table.
    #[cfg(target_has_atomic = "64")]
    pub(super) const NOWHERE: Self = Self { fingerprint: 0, first: usize::MAX, second: usize::MAX };

    /// Computes the position of `nonce` in a table with this number of buckets. The hash function is
    /// SipHash-1-3-128 with a secret key, so senders cannot choose a bucket.
    ///
    /// The fingerprint and the two buckets are computed from separate parts of the hash. The two buckets are
    /// different if the table has at least two buckets. This function is intended for custom stores. For
    /// tables, use [`Table::locate`](super::Table::locate).
    #[inline]
    #[must_use]
    pub fn locate(nonce: Nonce<'_>, key: &[u8; 16], buckets: usize) -> Self {
        let mut hasher = SipHasher13::new_with_key(key);
        hasher.write(&length(nonce.sender.as_bytes()));
        hasher.write(nonce.sender.as_bytes());
        hasher.write(nonce.nonce);
        let hash = hasher.finish128();
        let fingerprint = hash.h1 >> (u64::BITS - FINGERPRINT_BITS);
        let first = scale(hash.h2 >> 32, buckets);
        let step = 1 + scale(hash.h2 & u64::from(u32::MAX), buckets.saturating_sub(1));
        let second = first + step;
        Self { fingerprint, first, second: if second >= buckets { second - buckets } else { second } }
    }

    /// Returns the 35-bit fingerprint of the nonce.
    #[must_use]
    pub const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// Returns the indices of the two buckets for the nonce.
    #[must_use]
    pub const fn buckets(&self) -> (usize, usize) {
        (self.first, self.second)
    }
}

/// Hashes the name of a sender with the key of the table. The key is secret, so a sender cannot choose a name
/// that has the same counters as another sender.
#[cfg(target_has_atomic = "64")]
pub(super) fn hash_of_sender(sender: &str, key: &[u8; 16]) -> u64 {
    let mut hasher = SipHasher13::new_with_key(key);
    hasher.write(b"share");
    hasher.write(sender.as_bytes());
    hasher.finish128().h1
}

/// Returns the key for a nonce in a store that several hosts share, such as Redis. All hosts and all versions
/// of Sealwire compute the same key. The key does not reveal the nonce.
#[must_use]
pub fn shared_key(nonce: Nonce<'_>) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"sealwire replay v1\0");
    for part in [nonce.sender.as_bytes(), nonce.nonce] {
        hash.update(length(part));
        hash.update(part);
    }
    hash.finalize().into()
}

/// Returns the length prefix of a part. Without a prefix, the parts `a` and `bc` would have the same hash as
/// `ab` and `c`. The last part needs no prefix.
fn length(part: &[u8]) -> [u8; 8] {
    (part.len() as u64).to_le_bytes()
}

/// Maps 32 random bits to an evenly distributed number in `0..count`. The function multiplies instead of
/// dividing, because a division is slower.
#[inline]
pub(super) fn scale(random: u64, count: usize) -> usize {
    usize::try_from((u128::from(random) * count as u128) >> 32).unwrap_or_default()
}
