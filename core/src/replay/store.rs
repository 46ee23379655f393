//! The interface between a verifier and a replay store.

use super::nonce::{Entry, Nonce};
use crate::wire::reason::Reason;

/// The longest an entry may live, in seconds: 2^22, about 48 days. A verifier with a longer window cannot be built.
///
/// Expiry seconds are kept modulo 2^27 (about 4 years), so a lifetime must be far below that to be
/// distinguished from the past.
pub const MAX_LIFETIME_SECONDS: u64 = 1 << 22;

/// The result of a claim.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use = "only `First` lets the request pass"]
pub enum Outcome {
    /// Never claimed before; it is now.
    First,
    /// Claimed before, or being claimed at this moment by another that comes first.
    Seen,
    /// Both buckets of this nonce hold only live entries; none is forgotten to make room.
    Full,
    /// The sender has used up its share of the store.
    ShareExceeded,
    /// The claim came when its time was already over: too late to know whether the nonce was claimed before.
    Expired,
    /// The store cannot tell: not reachable, or the nonce is of a time it has already begun to forget.
    Unavailable,
}

impl Outcome {
    /// Converts the result to acceptance or a reason.
    ///
    /// # Errors
    /// The rejection of every outcome but [`Outcome::First`].
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

impl From<Outcome> for Result<(), Reason> {
    fn from(outcome: Outcome) -> Self {
        outcome.admit()
    }
}

/// The part of a table that one sender may use.
#[derive(Clone, Copy, Debug)]
pub struct SenderShare<'a> {
    /// The sender, by its canonical name.
    pub sender: &'a str,
    /// The part, in millionths of the table's slots.
    pub max_ppm: u32,
    /// How long a nonce may live at most, in seconds: the past and the future window together.
    pub window_s: u64,
}

/// How full a table is, estimated from a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fill {
    /// Live entries.
    pub live: usize,
    /// Slots in all. Claims begin to be refused a good way before every slot is live; see [`slots_for`](super::slots_for).
    pub slots: usize,
}

/// A home of claimed nonces. All methods take the time in seconds since the epoch, and any number of threads may call them.
///
/// Read the clock for `now_s` just before each call, after a body has been received: a time read long ago makes an entry look
/// alive that others have already let go.
pub trait ReplayStore: core::fmt::Debug + Send + Sync {
    /// Hashes a nonce, once for both calls below.
    fn locate(&self, nonce: Nonce<'_>) -> Entry;

    /// Looks without claiming. `false` promises nothing: only a claim does.
    fn seen(&self, entry: &Entry, now_s: u64) -> bool;

    /// Claims the nonce until `expires_s`, the first second at which the request's timestamp can no longer pass.
    fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome;

    /// As [`ReplayStore::claim`], for a sender that may use a part of the store; [`Outcome::ShareExceeded`] when that is used up.
    /// A store without such a limit need not implement it.
    fn claim_within(&self, entry: &Entry, _share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        self.claim(entry, expires_s, now_s)
    }

    /// How full the store is.
    fn fill(&self, now_s: u64) -> Fill;

    /// Requests signed before this second must be refused, since the store cannot know whether they passed before it
    /// existed; 0 when it refuses none.
    fn refuses_before_s(&self) -> u64 {
        0
    }
}

/// The store of a verifier without one: every claim is [`Outcome::Unavailable`], so a request with a nonce is rejected.
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
}
