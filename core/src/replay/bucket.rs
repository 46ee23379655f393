//! A bucket: eight slots, one cache line, read in one pass without branches.

use super::atomic::{AtomicU64, SeqCst};
use super::bits::Slot;

/// Slots in a bucket; eight words are the 64 bytes of a cache line. The model checker gets two, to have fewer states to walk.
pub(super) const BUCKET_SLOTS: usize = if cfg!(loom) { 2 } else { 8 };

pub(super) type Bucket = [AtomicU64; BUCKET_SLOTS];

/// What a bucket held, each slot as it was read.
#[derive(Clone, Copy)]
pub(super) struct Snapshot([Slot; BUCKET_SLOTS]);

impl Snapshot {
    #[inline]
    pub(super) fn of(bucket: &Bucket) -> Self {
        Self(core::array::from_fn(|index| {
            bucket.get(index).map_or(Slot::FREE, |slot| Slot(slot.load(SeqCst)))
        }))
    }

    /// The slots that claim this fingerprint, bit `i` for slot `i`; expired ones, too, since a match is rare enough to ask later.
    #[inline]
    pub(super) fn equal(&self, fingerprint: u64) -> u8 {
        // Nearly always none does, which is quicker to see than which ones do.
        let near = self.0.iter().any(|slot| slot.is_of(fingerprint));
        if near { self.mask(|slot| slot.claims(fingerprint)) } else { 0 }
    }

    /// The slots that are live, whatever they hold.
    #[inline]
    pub(super) fn live(&self, now_s: u64) -> u8 {
        self.mask(|slot| slot.is_live(now_s))
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<Slot> {
        self.0.get(index).copied()
    }

    #[inline]
    fn mask(&self, keep: impl Fn(Slot) -> bool) -> u8 {
        self.0.iter().enumerate().fold(0, |mask, (index, slot)| mask | u8::from(keep(*slot)) << index)
    }
}
