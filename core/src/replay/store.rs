//! The interface between a verifier and a replay store.

use super::nonce::{Entry, Nonce};
use crate::wire::reason::Reason;

/// The maximum lifetime of an entry in seconds, which is 2^22 seconds or about 48 days. Configurations with a
/// longer time window are rejected.
///
/// Expiry times are stored modulo 2^27 seconds (about 4 years). Lifetimes must be much shorter than this,
/// because otherwise future times could not be distinguished from past times.
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
    /// The expiry time of the claim has passed, so the store cannot determine whether the nonce was claimed
    /// before.
    Expired,
    /// The store cannot determine whether the nonce was claimed before. The store is not reachable, or it may
    /// have already removed entries with the same expiry time.
    Unavailable,
}

impl Outcome {
    /// Converts the outcome to a result. Only [`Outcome::First`] is accepted.
    ///
    /// # Errors
    /// The reason for the rejection, if the outcome is not [`Outcome::First`].
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
    /// The maximum share of the slots of the table, in millionths.
    pub max_ppm: u32,
    /// The maximum lifetime of a nonce in seconds, which is the sum of the past window and the future window.
    pub window_s: u64,
}

/// The fill level of a table, estimated from a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The number of live entries.
    pub live: usize,
    /// The total number of slots. Claims can fail before all slots are live. See
    /// [`slots_for`](super::slots_for).
    pub slots: usize,
}

/// A store of claimed nonces. All times are Unix seconds. All methods can be called from any thread.
///
/// Read the clock for `now_s` immediately before each call, after the body has arrived. If `now_s` is
/// outdated, other claims may have already replaced entries that are still live at `now_s`.
pub trait ReplayStore: core::fmt::Debug + Send + Sync {
    /// Returns the position of a nonce in the store, for [`ReplayStore::seen`] and [`ReplayStore::claim`].
    fn locate(&self, nonce: Nonce<'_>) -> Entry;

    /// Looks up a nonce without claiming it. If the result is `false`, a later claim can still return
    /// [`Outcome::Seen`].
    fn seen(&self, entry: &Entry, now_s: u64) -> bool;

    /// Claims the nonce until `expires_s`, which is the first Unix second at which the timestamp of the
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

    /// Returns `false` if no other process can use the store. If the application provides the clock of a
    /// verifier, the verifier requires such a store. With a different clock, it could replace live entries of
    /// other processes.
    fn is_shared(&self) -> bool {
        true
    }

    /// Removes all entries, so earlier requests are accepted again. This method is for tests. If other
    /// processes can use the store, it removes nothing and returns `false`.
    fn clear(&self) -> bool {
        false
    }
}

/// A store that cannot store nonces. Each claim returns [`Outcome::Unavailable`], so requests with a nonce
/// are rejected.
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
