//! The table in borrowed memory, its size and its memory layout.

use super::atomic::{AtomicU64, SeqCst};
use super::bucket::{BUCKET_SLOTS, Snapshot, Words};
use super::claim::Claim;
use super::nonce::{Entry, Nonce};
use super::share::Counters;
use super::store::{Fill, Outcome, SenderShare};

/// The version of the memory layout. It changes if versions of Sealwire cannot share a table.
pub const LAYOUT_VERSION: u32 = 2;

/// The maximum number of buckets that [`Table::fill`] samples. It reads 64 KiB; the error is about one
/// percentage point.
const FILL_SAMPLE: usize = 1024;

/// A set of claimed nonces with a fixed size, shared without locks.
///
/// Zeroed memory is an empty table. All threads and processes that use the same memory with the same key
/// share one table. A process that is stopped or killed at any time leaves the table valid.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub(super) words: Words<'a>,
    counters: Counters<'a>,
    key: [u8; 16],
}

/// The error for memory that cannot be used as a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TableError {
    /// The number of words is not a multiple of 8, or below 16. Use [`words_for`] to calculate it.
    #[error("a replay table needs a multiple of 8 words, at least 16, and was given {0}")]
    Length(usize),
}

/// Returns the number of slots for `requests_per_second` and `window_seconds`. The window is the past window,
/// plus the future window if clocks of senders run ahead.
///
/// This is twice the number of live entries, because a nonce has only 16 possible slots. The probability that
/// all of them are live is 7e-11 per claim in a half full table, 6e-6 at 60 % and 9e-3 at 75 %.
#[must_use]
pub const fn slots_for(requests_per_second: u32, window_seconds: u32) -> usize {
    let live = requests_per_second as u64 * window_seconds as u64;
    let slots = live.saturating_mul(2);
    let most = (usize::MAX / 16) as u64;
    #[expect(clippy::cast_possible_truncation, reason = "held below usize::MAX on the line itself")]
    whole_buckets(if slots < most { slots as usize } else { most as usize })
}

/// Returns the size of a table with this number of slots in bytes.
#[must_use]
pub const fn memory_bytes(slots: usize) -> usize {
    words_for(slots).saturating_mul(size_of::<u64>())
}

/// Returns the number of words that [`Table::new`] requires for this number of slots. It includes a header
/// bucket and the counters of the senders.
#[must_use]
pub const fn words_for(slots: usize) -> usize {
    let buckets = bucket_count(slots);
    let mut lines = buckets.saturating_add(1);
    while lines - 1 - counter_lines(lines) < buckets && lines < usize::MAX {
        lines += 1;
    }
    lines.saturating_mul(BUCKET_SLOTS)
}

/// Returns how many of the `lines` cache lines of a table contain counters: 4 KiB in tables of normal size,
/// less in small tables, none in the smallest tables.
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
    /// Creates a table in `words`, which are zeroed or were used by a table with the same key.
    ///
    /// The memory should be aligned to 64 bytes, so that a bucket is a single cache line; other alignments
    /// are slower. The key must be random, and equal for all users of the memory.
    ///
    /// # Errors
    /// [`TableError`] if [`words_for`] cannot return this number of words.
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

    /// Locates a nonce in this table.
    #[inline]
    #[must_use]
    pub fn locate(&self, nonce: Nonce<'_>) -> Entry {
        Entry::locate(nonce, &self.key, self.words.buckets.len())
    }

    /// Returns `true` if the entry has a live claim. Does not claim it. This also loads the buckets into the
    /// cache.
    #[inline]
    #[must_use]
    pub fn seen(&self, entry: &Entry, now_s: u64) -> bool {
        let (Some(one), Some(two)) = (self.words.bucket(entry.first), self.words.bucket(entry.second)) else {
            return false;
        };
        // Both buckets are read before either is checked, so a cold table costs only one cache miss.
        let (one, two) = (Snapshot::of(one), Snapshot::of(two));
        let claiming = |snapshot: Snapshot| snapshot.claiming(entry.fingerprint, now_s);
        claiming(one) | claiming(two) != 0
    }

    /// Claims the entry until `expires_s`. Exactly one of several equal claims returns [`Outcome::First`], even
    /// if they are concurrent.
    ///
    /// Returns [`Outcome::Expired`] if `expires_s` has passed, and [`Outcome::Unavailable`] if it is more
    /// than [`MAX_LIFETIME_SECONDS`](super::MAX_LIFETIME_SECONDS) in the future.
    #[inline]
    pub fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome {
        Claim::new(self.words, entry, expires_s, now_s).run()
    }

    /// Like [`Table::claim`], for a sender with a limited share of the table. Only accepted claims are
    /// counted. Replays are not counted, so an attacker cannot use up the share of a sender by replaying its
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

    /// Removes all entries, so that earlier requests are accepted again: for tests. Claims at the same time can be kept or
    /// removed.
    pub fn clear(&self) {
        let header = [self.words.forgotten_s, self.counters.epoch_s];
        let words = header.into_iter().chain(self.counters.words).chain(self.words.buckets.as_flattened());
        words.for_each(|word| word.store(0, SeqCst));
    }

    /// Estimates the fill level from at most 1024 evenly spaced buckets, so that claims need no counter.
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
    /// Shows the size, but not the key, because the key prevents senders from choosing a bucket.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Table")
            .field("slots", &(self.words.buckets.len() * BUCKET_SLOTS))
            .finish_non_exhaustive()
    }
}
