//! A bucket: eight slots, one cache line, read in one pass without branches.

use super::atomic::{AtomicU64, SeqCst};
use super::bits::Slot;

/// Slots in a bucket; eight words are the 64 bytes of a cache line. The model checker gets two, to have fewer states to walk.
pub(super) const BUCKET_SLOTS: usize = if cfg!(loom) { 2 } else { 8 };

pub(super) type Bucket = [AtomicU64; BUCKET_SLOTS];

/// What one pass over a bucket found: bit `i` stands for slot `i`.
pub(super) struct Scan {
    pub(super) values: [Slot; BUCKET_SLOTS],
    /// Slots that claim the fingerprint looked for, and are live.
    pub(super) equal: u8,
    /// Slots that are live, whatever they hold.
    pub(super) live: u8,
}

impl Scan {
    #[inline]
    pub(super) fn of(bucket: &Bucket, fingerprint: u64, now_s: u64) -> Self {
        let mut scan = Self { values: read(bucket), equal: 0, live: 0 };
        for (index, value) in scan.values.iter().enumerate() {
            scan.equal |= u8::from(value.claims(fingerprint)) << index;
            scan.live |= u8::from(value.is_live(now_s)) << index;
        }
        scan.equal &= scan.live;
        scan
    }

    /// The lowest slot that may be taken, and what it holds.
    #[inline]
    pub(super) fn vacancy(&self) -> Option<(usize, Slot)> {
        let index = self.live.trailing_ones() as usize;
        Some((index, *self.values.get(index)?))
    }
}

/// Looks for a live claim of `fingerprint` only, cheaper than a whole scan: liveness is computed for a match alone.
#[inline]
pub(super) fn holds(bucket: &Bucket, fingerprint: u64, now_s: u64) -> bool {
    let values = read(bucket);
    let any = values.iter().fold(false, |any, value| any | value.claims(fingerprint));
    any && values.iter().any(|value| value.claims(fingerprint) && value.is_live(now_s))
}

#[inline]
fn read(bucket: &Bucket) -> [Slot; BUCKET_SLOTS] {
    core::array::from_fn(|index| bucket.get(index).map_or(Slot::FREE, |slot| Slot(slot.load(SeqCst))))
}
