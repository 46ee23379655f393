//! Nonces, and the two names a nonce goes by: a place in a table, and a key in a store that hosts share.

use core::hash::Hasher as _;
use sha2::{Digest as _, Sha256};
use siphasher::sip128::{Hasher128 as _, SipHasher13};

/// 16 slots are looked at, each equal by chance once in 2^35: 4.7e-10 false "seen" per claim in a full table.
pub(super) const FINGERPRINT_BITS: u32 = 35;

/// The unique name of a request: its sender, and a value that the sender uses once.
///
/// The scheme is no part of it: a request signed in two schemes shares one nonce, and passes once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Nonce<'a> {
    /// The sender, as verified.
    pub sender: &'a str,
    /// The nonce, request id or signature.
    pub nonce: &'a [u8],
}

/// A nonce located in one table: hashed once, then used for looking and for claiming.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub(super) fingerprint: u64,
    pub(super) first: usize,
    pub(super) second: usize,
}

impl Entry {
    /// In no table.
    #[cfg(target_has_atomic = "64")]
    pub(super) const NOWHERE: Self = Self { fingerprint: 0, first: usize::MAX, second: usize::MAX };

    /// Locates `nonce` among `buckets` buckets by SipHash-1-3-128: keyed, so that a peer cannot choose a
    /// bucket.
    ///
    /// Three separate parts of the hash choose the fingerprint and the buckets; the buckets differ wherever two exist.
    /// Public for stores of the caller's own; a table has its own `locate`.
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

    /// The 35 bits that stand for the nonce in a slot.
    #[must_use]
    pub const fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// The numbers of the two buckets the nonce may be in.
    #[must_use]
    pub const fn buckets(&self) -> (usize, usize) {
        (self.first, self.second)
    }
}

/// A hash of a sender's name by the table's key, so that no sender can aim at another one's counters.
#[cfg(target_has_atomic = "64")]
pub(super) fn hash_of_sender(sender: &str, key: &[u8; 16]) -> u64 {
    let mut hasher = SipHasher13::new_with_key(key);
    hasher.write(b"share");
    hasher.write(sender.as_bytes());
    hasher.finish128().h1
}

/// Returns the key of a nonce in a store that hosts share, such as Redis. It is equal on all hosts and in all
/// versions of Sealwire, and does not reveal the nonce.
#[must_use]
pub fn shared_key(nonce: Nonce<'_>) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(b"sealwire replay v1\0");
    for part in [nonce.sender.as_bytes(), nonce.nonce] {
        hash.update(length(part));
        hash.update(part);
    }
    hash.finalize().into()
}

/// Goes in front of a part, to keep `a` + `bc` from `ab` + `c`; the last part may do without.
fn length(part: &[u8]) -> [u8; 8] {
    (part.len() as u64).to_le_bytes()
}

/// Maps 32 random bits to `0..count` by multiplication: evenly, and without the division of a remainder.
#[inline]
fn scale(random: u64, count: usize) -> usize {
    usize::try_from((u128::from(random) * count as u128) >> 32).unwrap_or_default()
}
