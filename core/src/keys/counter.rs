//! A sharded counter that avoids cache-line contention.

use core::sync::atomic::AtomicUsize;
use core::sync::atomic::Ordering::Relaxed;

const SHARDS: usize = 8;

/// Counts events from any number of threads. To avoid contention, threads usually write to different cache
/// lines. Two threads that write to the same cache line are slower than one.
#[derive(Debug, Default)]
pub struct Counter([Shard; SHARDS]);

#[derive(Debug, Default)]
#[repr(align(64))]
struct Shard(AtomicUsize);

impl Counter {
    /// Adds one event.
    pub fn count(&self) {
        self.add(1);
    }

    /// Adds a number of events.
    pub fn add(&self, events: usize) {
        if let Some(shard) = self.0.get(shard()) {
            shard.0.fetch_add(events, Relaxed);
        }
    }

    /// Returns the number of events.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.iter().map(|shard| shard.0.load(Relaxed)).fold(0, usize::wrapping_add)
    }
}

/// Selects a shard for the current thread. Because `no_std` provides no thread id, the shard is chosen by a
/// Fibonacci hash of the stack address divided by 64 KiB. Two threads can select the same shard. Their counts
/// are still correct, but counting is slower.
fn shard() -> usize {
    let here = 0_u8;
    let block = core::ptr::from_ref(&here).addr() >> 16;
    block.wrapping_mul(0x9e37_79b1) >> 13 & (SHARDS - 1)
}
