//! Replay tables with one or two buckets, which are small enough to check all interleavings.
//!
//! With `--cfg loom`, a bucket has two slots instead of eight. Otherwise the table is unchanged.

use loom::sync::atomic::{AtomicU64, Ordering::SeqCst};
use loom::thread::JoinHandle;
use sealwire_core::replay::{Entry, Nonce, Outcome, Table};
use std::sync::Arc;

/// The number of words in a bucket. The table header has the same size.
const BUCKET: usize = 2;
/// The time at which most tests claim a nonce, in seconds.
pub const NOW: u64 = 1_000;
/// The time at which most claims expire, in seconds.
pub const EXPIRES: u64 = 1_300;

/// The memory of a replay table that several threads share.
#[derive(Clone)]
pub struct Shared(Arc<Vec<AtomicU64>>);

impl Shared {
    pub fn new(buckets: usize) -> Self {
        Self(Arc::new((0..BUCKET * (buckets + 1)).map(|_| AtomicU64::new(0)).collect()))
    }

    /// Returns the entry of a nonce. All nonces map to the same two buckets, but not always in the same
    /// order.
    pub fn entry(&self, nonce: u8) -> Entry {
        self.table().locate(Nonce { sender: "agent", nonce: &[nonce] })
    }

    pub fn claim(&self, nonce: u8, expires_s: u64, now_s: u64) -> Outcome {
        self.table().claim(&self.entry(nonce), expires_s, now_s)
    }

    pub fn seen(&self, nonce: u8, now_s: u64) -> bool {
        self.table().seen(&self.entry(nonce), now_s)
    }

    /// Claims a nonce in a separate thread.
    pub fn race(&self, nonce: u8, expires_s: u64, now_s: u64) -> JoinHandle<Outcome> {
        let shared = self.clone();
        loom::thread::spawn(move || shared.claim(nonce, expires_s, now_s))
    }

    /// Writes a tentative claim to a free slot without confirming it, like a process that is killed at this
    /// point.
    pub fn place_and_die(&self, slot: usize, nonce: u8, expires_s: u64) -> bool {
        let tentative = self.entry(nonce).fingerprint() << 29 | expires_s << 2 | 0b01;
        self.0[BUCKET + slot].compare_exchange(0, tentative, SeqCst, SeqCst).is_ok()
    }

    fn table(&self) -> Table<'_> {
        Table::new(&self.0, [7; 16]).expect("the length is that of a table")
    }
}

/// Returns the number of accepted claims.
pub fn passed<const N: usize>(racing: [JoinHandle<Outcome>; N]) -> usize {
    let outcomes = racing.map(|thread| thread.join().expect("a claim does not panic"));
    outcomes.into_iter().filter(|outcome| matches!(outcome, Outcome::First)).count()
}
