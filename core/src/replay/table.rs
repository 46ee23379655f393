//! The table over borrowed words, its size and its layout.

use super::atomic::AtomicU64;
use super::bucket::{BUCKET_SLOTS, Snapshot, Words};
use super::claim::Claim;
use super::nonce::{Entry, Nonce};
use super::share::Counters;
use super::store::{Fill, Outcome, SenderShare};

/// Changes whenever words written by one version of Sealwire would be misread by another.
pub const LAYOUT_VERSION: u32 = 2;

/// How many buckets [`Table::fill`] samples at most: 64 KiB read, an error of about one point in a hundred.
const FILL_SAMPLE: usize = 1024;

/// A set of claimed nonces of fixed size, shared without locks.
///
/// Zeroed memory is an empty table. All threads and processes that use the same memory with the same key share
/// one table. A process that is stopped or killed at any instruction leaves it valid.
#[derive(Clone, Copy)]
pub struct Table<'a> {
    pub(super) words: Words<'a>,
    counters: Counters<'a>,
    key: [u8; 16],
}

/// Why words cannot be a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableError {
    /// Not a multiple of 8 words, or fewer than 16; [`words_for`] gives a fitting number.
    Length(usize),
}

impl core::fmt::Display for TableError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let Self::Length(words) = self;
        write!(f, "a replay table needs a multiple of 8 words, at least 16, and was given {words}")
    }
}

impl core::error::Error for TableError {}

/// The slots that hold `requests_per_second` for `window_seconds` (the past window, and the future one where senders'
/// clocks run ahead).
///
/// Twice as many as there are live entries: a nonce can go to 16 slots only, and the chance of finding all of them taken
/// is 7e-11 per claim with half of the table in use, 6e-6 with six tenths, 9e-3 with three quarters.
#[must_use]
pub const fn slots_for(requests_per_second: u32, window_seconds: u32) -> usize {
    let live = requests_per_second as u64 * window_seconds as u64;
    let slots = live.saturating_mul(2);
    let most = (usize::MAX / 16) as u64;
    #[expect(clippy::cast_possible_truncation, reason = "held below usize::MAX on the line itself")]
    whole_buckets(if slots < most { slots as usize } else { most as usize })
}

/// The bytes a table of so many slots takes.
#[must_use]
pub const fn memory_bytes(slots: usize) -> usize {
    words_for(slots).saturating_mul(size_of::<u64>())
}

/// The words to hand to [`Table::new`] for so many slots: whole buckets, and in front of them one for the table's own use and the
/// counters of the senders.
#[must_use]
pub const fn words_for(slots: usize) -> usize {
    let buckets = bucket_count(slots);
    let mut lines = buckets.saturating_add(1);
    while lines - 1 - counter_lines(lines) < buckets && lines < usize::MAX {
        lines += 1;
    }
    lines.saturating_mul(BUCKET_SLOTS)
}

/// How many lines of a table of `lines` cache lines in all hold counters: 4 KiB of a table of usual size, less of a small one, none
/// of the smallest.
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
    /// Makes a table of `words`: zeroed, or left by an earlier table of the same key.
    ///
    /// Aligned to 64 bytes, a bucket is one cache line; less alignment costs time and nothing else. The key has to be random,
    /// and the same for all who share the words.
    ///
    /// # Errors
    /// When the number of words is not one that [`words_for`] gives.
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

    /// Finds the place of a nonce in this table.
    #[inline]
    #[must_use]
    pub fn locate(&self, nonce: Nonce<'_>) -> Entry {
        Entry::locate(nonce, &self.key, self.words.buckets.len())
    }

    /// Looks for a live claim of the entry without claiming it. Also brings its cache lines near for a claim to follow.
    #[inline]
    #[must_use]
    pub fn seen(&self, entry: &Entry, now_s: u64) -> bool {
        let (Some(one), Some(two)) = (self.words.bucket(entry.first), self.words.bucket(entry.second)) else {
            return false;
        };
        // Both are read before either is judged: a cold table then costs one cache miss and not two.
        let (one, two) = (Snapshot::of(one), Snapshot::of(two));
        let claiming = |snapshot: Snapshot| snapshot.claiming(entry.fingerprint, now_s);
        claiming(one) | claiming(two) != 0
    }

    /// Claims the entry until `expires_s`, exclusive: of any number of equal claims, at once or in turn, one is
    /// [`Outcome::First`].
    ///
    /// A claim that is already past `expires_s` is [`Outcome::Expired`]; one beyond
    /// [`MAX_LIFETIME_SECONDS`](super::MAX_LIFETIME_SECONDS) is [`Outcome::Unavailable`].
    #[inline]
    pub fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome {
        Claim::new(self.words, entry, expires_s, now_s).run()
    }

    /// As [`Table::claim`], for a sender that may use a part of the table. Claims that pass count; replays do not, so that nobody can
    /// use up a sender's share with requests of that sender.
    #[inline]
    pub fn claim_within(&self, entry: &Entry, share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        let slots = self.words.buckets.len() * BUCKET_SLOTS;
        let Some(account) = self.counters.account(share, &self.key, slots, now_s) else {
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

    /// Estimates how full the table is, from at most 1024 buckets spread evenly: nothing is counted on the path of a claim.
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
    /// Shows the size. The key is not shown, because it keeps senders from choosing a bucket.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Table")
            .field("slots", &(self.words.buckets.len() * BUCKET_SLOTS))
            .finish_non_exhaustive()
    }
}
