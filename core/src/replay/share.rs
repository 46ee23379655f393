//! Limits the share of a table that a sender may use, so that a sender with a valid key cannot fill it for
//! others.
//!
//! The memory of the table includes counters. A keyed hash assigns two counters to each sender, and the lower
//! count applies. Another sender increases the count only if it shares both counters. A counter stores the
//! claims by the epoch in which they expire: this one and the two next ones, each half as long as the maximum lifetime of a
//! nonce. Three epochs cover every live entry, so the sum is at least the number of the sender's entries.
//!
//! Above 4096 slots per sender, one claim in two, four and so on is counted, chosen by bits of the keyed hash of the nonce. The limit is
//! lowered by four standard deviations, so a sender holds at most its share with a probability of 0.99997.

use super::atomic::{AtomicU64, SeqCst};
use super::nonce::{hash_of_sender, scale};
use super::store::SenderShare;

/// The sum of a counter at which a sender is rejected is between this and twice this in all but small tables. Every counted claim
/// writes to a cache line that all threads read, so only a sample is counted.
const SAMPLE: u64 = 2048;
/// The tolerated error of a sample, in standard deviations.
const DEVIATIONS: u64 = 4;
const COUNT_BITS: u32 = 19;
const MAX_COUNT: u64 = (1 << COUNT_BITS) - 1;
const TAG_SHIFT: u32 = 3 * COUNT_BITS;
const TAGS: u64 = 1 << (u64::BITS - TAG_SHIFT);

/// The counters of a table and the length of an epoch, shared by all processes that use the table.
#[derive(Clone, Copy)]
pub(super) struct Counters<'a> {
    pub(super) epoch_s: &'a AtomicU64,
    pub(super) words: &'a [AtomicU64],
}

/// The claims of a sender, before a new claim.
pub(super) struct Account<'a> {
    counters: [&'a AtomicU64; 2],
    epoch: u64,
    /// The number of epochs from now to the expiry of the claim.
    expiry: u64,
    /// The sampling rate: one in this number of claims is counted, a power of two.
    one_in: u64,
    limit: u64,
}

impl<'a> Counters<'a> {
    /// Returns the account of a sender, or `None` if the table is too small for counters.
    pub(super) fn account(
        self,
        share: SenderShare<'_>,
        key: &[u8; 16],
        slots: usize,
        (expires_s, now_s): (u64, u64),
    ) -> Option<Account<'a>> {
        let hash = hash_of_sender(share.sender, key);
        let at = |random: u64| self.words.get(scale(random & u64::from(u32::MAX), self.words.len()));
        let counters = [at(hash)?, at(hash >> 32)?];
        let slots = u64::try_from(slots).unwrap_or(u64::MAX);
        let limit = (slots.saturating_mul(u64::from(share.max_ppm)) / 1_000_000).max(1);
        let one_in = sampling_rate(limit);
        let epoch_s = self.epoch(share.window_s);
        Some(Account {
            counters,
            epoch: now_s / epoch_s,
            expiry: (expires_s / epoch_s).saturating_sub(now_s / epoch_s),
            one_in,
            limit: sample_limit(limit, one_in),
        })
    }

    /// Returns the epoch. Processes with different windows use the longest epoch.
    fn epoch(self, window_s: u64) -> u64 {
        let wanted = window_s.div_ceil(2).max(1);
        let held = self.epoch_s.load(SeqCst);
        if held >= wanted { held } else { self.epoch_s.fetch_max(wanted, SeqCst).max(wanted) }
    }
}

impl Account<'_> {
    pub(super) fn is_used_up(&self) -> bool {
        let used = self.counters.map(|counter| Count::read(counter.load(SeqCst), self.epoch).sum());
        used.into_iter().min().unwrap_or_default() >= self.limit
    }

    /// Counts an accepted claim. `random` differs between claims and cannot be chosen by senders.
    pub(super) fn count(&self, random: u64) {
        if random & (self.one_in - 1) != 0 {
            return;
        }
        let [one, other] = self.counters;
        self.add(one);
        if !core::ptr::eq(one, other) {
            self.add(other);
        }
    }

    fn add(&self, counter: &AtomicU64) {
        // A failed exchange means that another claim was counted, so the number of iterations is bounded.
        let mut found = counter.load(SeqCst);
        while let Err(now) = counter.compare_exchange(
            found,
            Count::read(found, self.epoch).and_one(self.expiry),
            SeqCst,
            SeqCst,
        ) {
            found = now;
        }
    }
}

/// Returns the sampling rate for a sender with this number of slots: the largest power of two with `SAMPLE` counted claims.
fn sampling_rate(limit: u64) -> u64 {
    1 << (limit / SAMPLE).max(1).ilog2()
}

/// Returns the number of counted claims at which a sender is rejected. A sample can be smaller than its share of the claims, so the
/// limit is lower than that share.
fn sample_limit(limit: u64, one_in: u64) -> u64 {
    let expected = limit / one_in;
    let margin = if one_in == 1 { 0 } else { DEVIATIONS * expected.isqrt() };
    (expected - margin).max(1)
}

/// The value of a counter in an epoch: the claims that expire in this epoch, in the next one, and in the one after it.
struct Count {
    tag: u64,
    epochs: [u64; 3],
    /// The number of epochs by which the clock of the last writer is ahead.
    ahead: u64,
}

impl Count {
    fn read(word: u64, epoch: u64) -> Self {
        let [first, second, third] = [0, 1, 2].map(|at| word >> (at * COUNT_BITS) & MAX_COUNT);
        let (tag, held) = (epoch % TAGS, word >> TAG_SHIFT);
        let (tag, epochs, ahead) = match tag.wrapping_sub(held) % TAGS {
            0 => (tag, [first, second, third], 0),
            1 => (tag, [second, third, 0], 0),
            2 => (tag, [third, 0, 0], 0),
            behind if behind >= TAGS - 2 && word != 0 => (held, [first, second, third], TAGS - behind),
            _ => (tag, [0; 3], 0),
        };
        Self { tag, epochs, ahead }
    }

    fn sum(&self) -> u64 {
        self.epochs.iter().sum()
    }

    /// Returns the value with one more claim, which expires in this number of epochs.
    fn and_one(mut self, expiry: u64) -> u64 {
        let [first, second, third] = &mut self.epochs;
        let count = match expiry.saturating_sub(self.ahead) {
            0 => first,
            1 => second,
            _ => third,
        };
        *count = (*count + 1).min(MAX_COUNT);
        let [first, second, third] = self.epochs;
        self.tag << TAG_SHIFT | third << (2 * COUNT_BITS) | second << COUNT_BITS | first
    }
}
