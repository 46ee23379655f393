//! The interface between a verifier and a replay store.

use super::nonce::{Entry, Nonce};
use crate::wire::reason::Reason;

/// The maximum lifetime of an entry in seconds, which is 2^22 seconds or about 48 days. Configurations with a
/// longer time window are rejected.
///
/// Expiry times are stored modulo 2^27 seconds (about 4 years). Lifetimes must be much shorter than this, so
/// that future and past times can be distinguished.
pub const MAX_LIFETIME_SECONDS: u64 = 1 << 22;

/// The result of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "only `First` accepts the request"]
pub enum Outcome {
    /// The nonce was not claimed before and is now claimed.
    First,
    /// The nonce was claimed before, or another claim of the same nonce succeeded at the same time.
    Seen,
    /// Both buckets of the nonce contain only live entries. Live entries are never evicted.
    Full,
    /// The sender has used its share of the store.
    ShareExceeded,
    /// The claim has already expired, so the store cannot determine whether the nonce was claimed before.
    Expired,
    /// The store cannot determine whether the nonce was claimed before, because the store cannot be reached
    /// or may already have removed entries with the same expiry time.
    Unavailable,
}

impl Outcome {
    /// Converts the outcome to a result, which is an error unless the outcome is [`Outcome::First`].
    ///
    /// # Errors
    /// Returns the reason for the rejection if the outcome is not [`Outcome::First`].
    pub const fn admit(self) -> Result<(), Reason> {
        match self {
            Self::First => Ok(()),
            Self::Seen => Err(Reason::Replayed),
            Self::Full => Err(Reason::ReplayStoreFull),
            Self::ShareExceeded => Err(Reason::SenderShareExceeded),
            Self::Expired => Err(Reason::StaleTimestamp),
            Self::Unavailable => Err(Reason::ReplayStoreUnavailable),
        }
    }
}

/// The share of a table that a sender may use.
#[derive(Clone, Copy, Debug)]
pub struct SenderShare<'a> {
    /// The canonical name of the sender.
    pub sender: &'a str,
    /// The maximum share of the slots in the table, in millionths.
    pub max_ppm: u32,
    /// The maximum lifetime of a nonce in seconds: the sum of the time windows for the past and for the
    /// future.
    pub window_s: u64,
}

/// The fill level of a table, estimated from a sample of its buckets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The number of live entries.
    pub live: usize,
    /// The total number of slots. Claims can fail even if some slots are free. See
    /// [`slots_for`](super::slots_for).
    pub slots: usize,
}

/// A store for used nonces. All times are Unix seconds. All methods can be called from any thread.
///
/// Read the clock for `now_s` immediately before each call, after the body has arrived. If `now_s` is
/// outdated, other claims may have already replaced entries that are still live at `now_s`.
pub trait ReplayStore: core::fmt::Debug + Send + Sync {
    /// Returns the position of a nonce in the store, for [`ReplayStore::seen`] and [`ReplayStore::claim`].
    fn locate(&self, nonce: Nonce<'_>) -> Entry;

    /// Looks up a nonce without claiming it. Even if the result is `false`, a later claim can return
    /// [`Outcome::Seen`].
    fn seen(&self, entry: &Entry, now_s: u64) -> bool;

    /// Claims the nonce until `expires_s`, which is the first Unix second in which the timestamp of the
    /// request is stale.
    fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome;

    /// Like [`ReplayStore::claim`], but limits the share of the store that the sender may use. Returns
    /// [`Outcome::ShareExceeded`] if the sender has used its share. The default implementation has no limit.
    fn claim_within(&self, entry: &Entry, _share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        self.claim(entry, expires_s, now_s)
    }

    /// Returns the fill level of the store.
    fn fill(&self, now_s: u64) -> Fill;

    /// Returns the Unix time in seconds at which the store was created. Requests that were signed earlier
    /// must be rejected, because they may have been accepted before. The value 0 means that requests of any
    /// age are accepted.
    fn refuses_before_s(&self) -> u64 {
        0
    }

    /// Returns `false` if no other process can use the store. A verifier with a clock provided by the
    /// application requires such a store, because with a different clock, it could replace live entries of
    /// other processes.
    fn is_shared(&self) -> bool {
        true
    }

    /// Removes all entries, so earlier requests are accepted again. This method is intended for tests. If
    /// other processes can use the store, it does nothing and returns `false`.
    fn clear(&self) -> bool {
        false
    }
}

/// The absence of a replay store. Each claim returns [`Outcome::Unavailable`], so requests with a nonce are
/// rejected.
#[derive(Clone, Copy, Debug)]
pub struct NoStore;

impl ReplayStore for NoStore {
    fn locate(&self, nonce: Nonce<'_>) -> Entry {
        Entry::locate(nonce, &[0; 16], 1)
    }

    fn seen(&self, _entry: &Entry, _now_s: u64) -> bool {
        false
    }

    fn claim(&self, _entry: &Entry, _expires_s: u64, _now_s: u64) -> Outcome {
        Outcome::Unavailable
    }

    fn fill(&self, _now_s: u64) -> Fill {
        Fill { live: 0, slots: 0 }
    }

    fn is_shared(&self) -> bool {
        false
    }
}
