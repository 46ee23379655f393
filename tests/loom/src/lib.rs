//! A table small enough to walk every interleaving: one bucket of two slots, or two.
//!
//! Under `--cfg loom` a bucket has two slots instead of eight; nothing else of the table differs.

use loom::sync::atomic::{AtomicU64, Ordering::SeqCst};
use loom::thread::JoinHandle;
use sealwire_core::replay::{Entry, Nonce, Outcome, Table};
use std::sync::Arc;

/// Words of a bucket in this build; as many stand in front for the table's own use.
const BUCKET: usize = 2;
/// The time most claims are made at.
pub const NOW: u64 = 1_000;
/// When what they claim expires.
pub const EXPIRES: u64 = 1_300;

/// Memory that racing threads share.
#[derive(Clone)]
pub struct Shared(Arc<Vec<AtomicU64>>);

impl Shared {
    pub fn new(buckets: usize) -> Self {
        Self(Arc::new((0..BUCKET * (buckets + 1)).map(|_| AtomicU64::new(0)).collect()))
    }

    /// The entry of nonce number `nonce`. All share the same two buckets, in this order or the other.
    pub fn entry(&self, nonce: u8) -> Entry {
        self.table().locate(Nonce { sender: "agent", nonce: &[nonce] })
    }

    pub fn claim(&self, nonce: u8, expires_s: u64, now_s: u64) -> Outcome {
        self.table().claim(&self.entry(nonce), expires_s, now_s)
    }

    pub fn seen(&self, nonce: u8, now_s: u64) -> bool {
        self.table().seen(&self.entry(nonce), now_s)
    }

    /// Claims in a thread of its own.
    pub fn race(&self, nonce: u8, expires_s: u64, now_s: u64) -> JoinHandle<Outcome> {
        let shared = self.clone();
        loom::thread::spawn(move || shared.claim(nonce, expires_s, now_s))
    }

    /// Places an undecided claim in a free slot as a claim does, and goes no further: a process killed right there.
    pub fn place_and_die(&self, slot: usize, nonce: u8, expires_s: u64) -> bool {
        let tentative = self.entry(nonce).fingerprint() << 29 | expires_s << 2 | 0b01;
        self.0[BUCKET + slot].compare_exchange(0, tentative, SeqCst, SeqCst).is_ok()
    }

    fn table(&self) -> Table<'_> {
        Table::new(&self.0, [7; 16]).expect("the length is that of a table")
    }
}

/// How many of them passed.
pub fn passed<const N: usize>(racing: [JoinHandle<Outcome>; N]) -> usize {
    let outcomes = racing.map(|thread| thread.join().expect("a claim does not panic"));
    outcomes.into_iter().filter(|outcome| matches!(outcome, Outcome::First)).count()
}
