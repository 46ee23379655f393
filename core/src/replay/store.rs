//! The interface between a verifier and a replay store.

use super::nonce::{Entry, Nonce};
use crate::wire::reason::Reason;

/// The maximum lifetime of an entry: 2^22 seconds, about 48 days. Verifiers with a longer window are
/// rejected.
///
/// Expiry times are stored modulo 2^27 seconds (about 4 years). Lifetimes must be much shorter, to
/// distinguish the future from the past.
pub const MAX_LIFETIME_SECONDS: u64 = 1 << 22;

/// The result of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "only `First` accepts the request"]
pub enum Outcome {
    /// The nonce was not claimed before and is now claimed.
    First,
    /// The nonce was claimed before, or an equal claim at the same time was preferred.
    Seen,
    /// Both buckets of the nonce contain only live entries. Live entries are never evicted.
    Full,
    /// The sender has used its share of the store.
    ShareExceeded,
    /// The claim arrived after its expiry, so the store cannot determine whether the nonce was claimed
    /// before.
    Expired,
    /// The store cannot decide: it is not reachable, or it may already have removed entries with the expiry
    /// of this nonce.
    Unavailable,
}

impl Outcome {
    /// Converts the outcome to acceptance or the reason of the rejection.
    ///
    /// # Errors
    /// The reason for every outcome except [`Outcome::First`].
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
    /// The maximum share, in millionths of the table's slots.
    pub max_ppm: u32,
    /// The maximum lifetime of a nonce in seconds: the past window plus the future window.
    pub window_s: u64,
}

/// The fill level of a table, estimated from a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// The number of live entries.
    pub live: usize,
    /// The number of slots. Claims can fail before all slots are live; see [`slots_for`](super::slots_for).
    pub slots: usize,
}

/// A store of claimed nonces. All times are Unix seconds. All methods can be called from any thread.
///
/// Read the clock for `now_s` immediately before each call, after the body has arrived. With an outdated
/// time, an entry appears live although other claims may already have replaced it.
pub trait ReplayStore: core::fmt::Debug + Send + Sync {
    /// Locates a nonce for both calls below.
    fn locate(&self, nonce: Nonce<'_>) -> Entry;

    /// Looks up a nonce without claiming it. The result `false` is no guarantee; a claim can still return
    /// [`Outcome::Seen`].
    fn seen(&self, entry: &Entry, now_s: u64) -> bool;

    /// Claims the nonce until `expires_s`, the first second at which the timestamp of the request is stale.
    fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome;

    /// Like [`ReplayStore::claim`], for a sender with a limited share of the store. Returns
    /// [`Outcome::ShareExceeded`] if the share is used up. The default implementation has no limit.
    fn claim_within(&self, entry: &Entry, _share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        self.claim(entry, expires_s, now_s)
    }

    /// Returns the fill level of the store.
    fn fill(&self, now_s: u64) -> Fill;

    /// Returns the Unix second before which signed requests must be rejected, because they may have been
    /// accepted before the store was created. 0 means no restriction.
    fn refuses_before_s(&self) -> u64 {
        0
    }

    /// Returns `false` if no other process can use the store. A verifier with a clock of the application requires such a
    /// store, because with another time it would replace live entries of other processes.
    fn is_shared(&self) -> bool {
        true
    }

    /// Removes all entries, so that earlier requests are accepted again: for tests. Returns `false` for a store that other
    /// processes can use, which keeps its entries.
    fn clear(&self) -> bool {
        false
    }
}

/// A store that cannot store nonces: each claim is [`Outcome::Unavailable`], so requests with a nonce are
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
