//! Limits the share of a table that one sender may use. Without a limit, a sender with a valid key could fill
//! the table, and the requests of other senders would be rejected.
//!
//! The table contains counters. A keyed hash assigns two counters to each sender, and the lower of the two
//! counts is used. Another sender increases this lower count only if it has the same two counters. Each
//! counter stores three numbers: the claims that expire in the current epoch, in the next epoch, and in the
//! epoch after that. An epoch is half as long as the maximum lifetime of a nonce. All live entries therefore
//! expire in one of these three epochs, so the sum of the three numbers is at least the sender's number of
//! live entries.
//!
//! If a sender may use 4096 slots or more, only a sample of its claims is counted: one in two, one in four,
//! and so on. Bits from the keyed hash of the nonce select the sample. The limit is lowered by four standard
//! deviations, so the probability that a sender exceeds its share is only 0.00003.

use super::atomic::{AtomicU64, SeqCst};
use super::nonce::{hash_of_sender, scale};
use super::store::SenderShare;

/// The approximate number of counted claims above which a sender is rejected. The actual number is lower in
/// small tables, and up to twice as high in other tables. Only a sample of the claims is counted, because
/// counting a claim writes to a cache line that all threads read.
const SAMPLE: u64 = 2048;
/// The tolerated sampling error, in standard deviations.
const DEVIATIONS: u64 = 4;
const COUNT_BITS: u32 = 19;
const MAX_COUNT: u64 = (1 << COUNT_BITS) - 1;
const TAG_SHIFT: u32 = 3 * COUNT_BITS;
const TAGS: u64 = 1 << (u64::BITS - TAG_SHIFT);

/// The counters of a table and the length of an epoch in seconds. All processes that use the table share
/// these values.
#[derive(Clone, Copy)]
pub(super) struct Counters<'a> {
    pub(super) epoch_s: &'a AtomicU64,
    pub(super) words: &'a [AtomicU64],
}

/// The counters of one sender, with the data that is required to count a new claim.
pub(super) struct Account<'a> {
    counters: [&'a AtomicU64; 2],
    epoch: u64,
    /// The number of epochs from now until the new claim expires.
    expiry: u64,
    /// The sampling rate. One in this number of claims is counted. The number is a power of two.
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

    /// Returns the length of an epoch in seconds. If processes have different time windows, all of them use
    /// the longest epoch.
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

    /// Counts an accepted claim, if `random` selects it for the sample. Senders must not be able to choose
    /// `random`.
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
        // An exchange fails only if another claim was counted at the same time, so the number of iterations
        // is bounded.
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

/// Returns the sampling rate for a sender that may use this number of slots. It is the largest power of two
/// for which at least `SAMPLE` claims are still counted.
fn sampling_rate(limit: u64) -> u64 {
    1 << (limit / SAMPLE).max(1).ilog2()
}

/// Returns the number of counted claims at which a sender is rejected. The sample can by chance contain fewer
/// claims than expected, so the limit is lower than the expected number.
fn sample_limit(limit: u64, one_in: u64) -> u64 {
    let expected = limit / one_in;
    let margin = if one_in == 1 { 0 } else { DEVIATIONS * expected.isqrt() };
    (expected - margin).max(1)
}

/// The value of a counter: the numbers of claims that expire in the current epoch, in the next epoch, and in
/// the epoch after that.
struct Count {
    tag: u64,
    epochs: [u64; 3],
    /// The number of epochs by which the last writer's clock is ahead of this process's clock.
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

    /// Adds one claim that expires in `expiry` epochs, and returns the value of the counter.
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
