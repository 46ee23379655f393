//! The replay table in borrowed memory, its size and its memory layout.

use super::atomic::{AtomicU64, SeqCst};
use super::bucket::{BUCKET_SLOTS, Snapshot, Words};
use super::claim::Claim;
use super::nonce::{Entry, Nonce};
use super::share::Counters;
use super::store::{Fill, Outcome, SenderShare};

/// The version of the memory layout. It changes whenever an older version of Sealwire cannot share a table
/// with the new version.
pub const LAYOUT_VERSION: u32 = 2;

/// The maximum number of buckets that [`Table::fill`] reads. These buckets use 64 KiB of memory. The error of
/// the estimate is about one percentage point.
const FILL_SAMPLE: usize = 1024;

/// A fixed-size set of used nonces. A table can be shared between threads and processes without locks.
///
/// Zeroed memory is an empty table. All threads and processes that use the same memory with the same key
/// share one table. The table stays valid if a process is stopped or killed at any time.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub(super) words: Words<'a>,
    counters: Counters<'a>,
    key: [u8; 16],
}

/// The error returned for memory that cannot be used as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The number of words is not a multiple of 8 or is less than 16. Use [`words_for`] to compute a valid
    /// number.
    #[error("a replay table needs a multiple of 8 words, at least 16, and was given {0}")]
    Length(usize),
}

/// Returns the number of slots for a table that stores `requests_per_second` nonces for `window_seconds`. The
/// window is the maximum age of a request. If senders' clocks can be ahead, add the maximum difference.
///
/// The result is twice the number of live entries, because each nonce can be stored in only 16 of the slots.
/// The probability that all 16 slots are live is 7e-11 per claim if half of the table is live. The
/// probability is 6e-6 at 60 % and 9e-3 at 75 %.
#[must_use]
pub const fn slots_for(requests_per_second: u32, window_seconds: u32) -> usize {
    let live = requests_per_second as u64 * window_seconds as u64;
    let slots = live.saturating_mul(2);
    let most = (usize::MAX / 16) as u64;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the condition limits the value to less than usize::MAX"
    )]
    whole_buckets(if slots < most { slots as usize } else { most as usize })
}

/// Returns the size in bytes of a table with this number of slots.
#[must_use]
pub const fn memory_bytes(slots: usize) -> usize {
    words_for(slots).saturating_mul(size_of::<u64>())
}

/// Returns the number of words that [`Table::new`] requires for this number of slots. The words include a
/// header and the counters of the senders.
#[must_use]
pub const fn words_for(slots: usize) -> usize {
    let buckets = bucket_count(slots);
    let mut lines = buckets.saturating_add(1);
    while lines - 1 - counter_lines(lines) < buckets && lines < usize::MAX {
        lines += 1;
    }
    lines.saturating_mul(BUCKET_SLOTS)
}

/// Returns how many of the `lines` cache lines in a table contain counters. The counters use 4 KiB in tables
/// of normal size and less in small tables. The smallest tables contain no counters.
const fn counter_lines(lines: usize) -> usize {
    if cfg!(loom) || lines < 3 {
        return 0;
    }
    let small = if lines / 3 < 8 { lines / 3 } else { 8 };
    let wanted = if lines / 16 > small { lines / 16 } else { small };
    if wanted < 64 { wanted } else { 64 }
}

const fn whole_buckets(slots: usize) -> usize {
    bucket_count(slots).saturating_mul(BUCKET_SLOTS)
}

pub(super) const fn bucket_count(slots: usize) -> usize {
    if slots == 0 { 1 } else { slots.div_ceil(BUCKET_SLOTS) }
}

impl<'a> Table<'a> {
    /// Creates a table in `words`. The words must be zero, or they must contain an earlier table with the
    /// same key.
    ///
    /// The memory should be aligned to 64 bytes, so that each bucket is in a single cache line. Other
    /// alignments are slower. The key must be random, and all users of the memory must use the same key.
    ///
    /// # Errors
    /// [`TableError`] if the number of words is invalid. Use [`words_for`] to compute a valid number.
    pub const fn new(words: &'a [AtomicU64], key: [u8; 16]) -> Result<Self, TableError> {
        let (lines, rest) = words.as_chunks::<BUCKET_SLOTS>();
        let ([[forgotten_s, epoch_s, ..], others @ ..], []) = (lines, rest) else {
            return Err(TableError::Length(words.len()));
        };
        let (counters, buckets) = others.split_at(counter_lines(lines.len()));
        if buckets.is_empty() {
            return Err(TableError::Length(words.len()));
        }
        let counters = Counters { epoch_s, words: counters.as_flattened() };
        Ok(Self { words: Words { forgotten_s, buckets }, counters, key })
    }

    /// Returns the position of a nonce in this table.
    #[inline]
    #[must_use]
    pub fn locate(&self, nonce: Nonce<'_>) -> Entry {
        Entry::locate(nonce, &self.key, self.words.buckets.len())
    }

    /// Returns `true` if the entry is claimed and live. This method does not claim the entry. As a side
    /// effect, it loads the buckets into the CPU cache.
    #[inline]
    #[must_use]
    pub fn seen(&self, entry: &Entry, now_s: u64) -> bool {
        let (Some(one), Some(two)) = (self.words.bucket(entry.first), self.words.bucket(entry.second)) else {
            return false;
        };
        // Both buckets are read before either of them is checked, so that the CPU can load them in parallel.
        let (one, two) = (Snapshot::of(one), Snapshot::of(two));
        let claiming = |snapshot: Snapshot| snapshot.claiming(entry.fingerprint, now_s);
        claiming(one) | claiming(two) != 0
    }

    /// Claims the entry until `expires_s`. Exactly one of several equal claims returns [`Outcome::First`], even
    /// if they are concurrent.
    ///
    /// Returns [`Outcome::Expired`] if `expires_s` has passed, and [`Outcome::Unavailable`] if `expires_s` is
    /// more than [`MAX_LIFETIME_SECONDS`](super::MAX_LIFETIME_SECONDS) in the future.
    #[inline]
    pub fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome {
        Claim::new(self.words, entry, expires_s, now_s).run()
    }

    /// Like [`Table::claim`], but limits the share of the table that the sender may use. Only accepted claims
    /// are counted. Replays are not counted, so an attacker cannot use up a sender's share by replaying its
    /// requests.
    #[inline]
    pub fn claim_within(&self, entry: &Entry, share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        let slots = self.words.buckets.len() * BUCKET_SLOTS;
        let Some(account) = self.counters.account(share, &self.key, slots, (expires_s, now_s)) else {
            return self.claim(entry, expires_s, now_s);
        };
        if account.is_used_up() {
            return if self.seen(entry, now_s) { Outcome::Seen } else { Outcome::ShareExceeded };
        }
        let outcome = self.claim(entry, expires_s, now_s);
        if outcome == Outcome::First {
            account.count(entry.fingerprint);
        }
        outcome
    }

    /// Removes all entries, so earlier requests are accepted again. This method is intended for tests. If
    /// other threads claim entries during the call, these entries may or may not be removed.
    pub fn clear(&self) {
        let header = [self.words.forgotten_s, self.counters.epoch_s];
        let words = header.into_iter().chain(self.counters.words).chain(self.words.buckets.as_flattened());
        words.for_each(|word| word.store(0, SeqCst));
    }

    /// Estimates the fill level from at most 1024 evenly spaced buckets, so that claims do not have to update
    /// a counter.
    #[must_use]
    pub fn fill(&self, now_s: u64) -> Fill {
        let sampled = self.words.buckets.len().min(FILL_SAMPLE);
        let step = self.words.buckets.len() / sampled.max(1);
        let sample = self.words.buckets.iter().step_by(step.max(1)).take(sampled);
        let live: usize = sample.map(|it| Snapshot::of(it).live(now_s).count_ones() as usize).sum();
        Fill {
            live: live * self.words.buckets.len() / sampled.max(1),
            slots: self.words.buckets.len() * BUCKET_SLOTS,
        }
    }
}

impl core::fmt::Debug for Table<'_> {
    /// Formats the size of the table, but not its key. The key is not shown, because a sender that knows it
    /// could choose buckets.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Table")
            .field("slots", &(self.words.buckets.len() * BUCKET_SLOTS))
            .finish_non_exhaustive()
    }
}
