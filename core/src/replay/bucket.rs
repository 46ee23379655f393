//! A bucket, which consists of eight slots in one cache line. The code that reads a bucket contains no
//! branches.

use super::atomic::{AtomicU64, SeqCst};
use super::bits::Slot;

/// The number of slots in a bucket. Eight words of 8 bytes fill a cache line of 64 bytes. Tests with loom use
/// only two slots, to limit the number of states to check.
pub(super) const BUCKET_SLOTS: usize = if cfg!(loom) { 2 } else { 8 };

const ALL_SLOTS: u8 = u8::MAX >> (u8::BITS as usize - BUCKET_SLOTS);

pub(super) type Bucket = [AtomicU64; BUCKET_SLOTS];

/// The memory of a table.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    /// The latest expiry time, in Unix seconds, of the entries that may have been overwritten. All claims
    /// read this word, but it changes only about once per second, so it is in a separate cache line.
    pub(super) forgotten_s: &'a AtomicU64,
    pub(super) buckets: &'a [Bucket],
}

impl<'a> Words<'a> {
    #[inline]
    pub(super) fn bucket(&self, index: usize) -> Option<&'a Bucket> {
        self.buckets.get(index)
    }

    /// Records that entries with an expiry time up to `expired_s` may be overwritten. This method must be
    /// called before such an entry is overwritten.
    #[inline]
    pub(super) fn note_forgotten(&self, expired_s: u64) {
        if self.forgotten_s.load(SeqCst) < expired_s {
            self.forgotten_s.fetch_max(expired_s, SeqCst);
        }
    }
}

/// A copy of the slots of a bucket.
#[derive(Clone, Copy)]
pub(super) struct Snapshot([Slot; BUCKET_SLOTS]);

impl Snapshot {
    #[inline]
    pub(super) fn of(bucket: &Bucket) -> Self {
        Self(core::array::from_fn(|index| {
            bucket.get(index).map_or(Slot::FREE, |slot| Slot(slot.load(SeqCst)))
        }))
    }

    /// Returns a bit mask of the slots with this fingerprint, in any state.
    #[inline]
    pub(super) fn of_fingerprint(&self, fingerprint: u64) -> u8 {
        self.mask(|slot, at| u8::from(slot.is_of(fingerprint)) << at)
    }

    /// Returns a bit mask of the live slots that contain a claim with this fingerprint.
    #[inline]
    pub(super) fn claiming(&self, fingerprint: u64, now_s: u64) -> u8 {
        // Usually, no slot has the fingerprint, and this check is faster than computing the mask.
        let near = self.0.iter().any(|slot| slot.is_of(fingerprint));
        if near { self.which_claim(fingerprint, now_s) } else { 0 }
    }

    #[cold]
    fn which_claim(&self, fingerprint: u64, now_s: u64) -> u8 {
        self.mask(|slot, at| u8::from(slot.claims(fingerprint)) << at) & self.live(now_s)
    }

    /// Returns a bit mask of the live slots, with any fingerprint.
    #[inline]
    pub(super) fn live(&self, now_s: u64) -> u8 {
        ALL_SLOTS ^ self.mask(|slot, at| slot.vacant_at(at, now_s))
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<Slot> {
        self.0.get(index).copied()
    }

    #[inline]
    fn mask(&self, bit: impl Fn(Slot, usize) -> u8) -> u8 {
        self.0.iter().enumerate().fold(0, |mask, (at, slot)| mask | bit(*slot, at))
    }
}
