//! A counter that threads do not fight over.

use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

const SHARDS: usize = 8;

/// Counts events from any number of threads. Each thread mostly adds to a cache line of its own: one shared line, written
/// on every request, would cost two threads more than the rest of a verification gains by the second.
#[derive(Debug, Default)]
pub struct Counter([Shard; SHARDS]);

#[derive(Debug, Default)]
#[repr(align(64))]
struct Shard(AtomicUsize);

impl Counter {
    /// Adds one.
    pub fn count(&self) {
        self.add(1);
    }

    /// Adds `events`.
    pub fn add(&self, events: usize) {
        if let Some(shard) = self.0.get(shard()) {
            shard.0.fetch_add(events, Relaxed);
        }
    }

    /// How many there were.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().map(|shard| shard.0.load(Relaxed)).fold(0, usize::wrapping_add)
    }
}

/// Threads are distinguished by the address of their stack, in blocks of 64 KiB mixed by Fibonacci hashing,
/// because nothing else is available without an operating system. Two threads on one shard count correctly, but
/// slower.
fn shard() -> usize {
    let here = 0_u8;
    let block = core::ptr::from_ref(&here).addr() >> 16;
    block.wrapping_mul(0x9e37_79b1) >> 13 & (SHARDS - 1)
}
