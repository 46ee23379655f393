//! Measures how much faster a nonce is recorded in a replay table that uses huge pages. For several table
//! sizes, a table on the heap is compared with a `ProcessTable`. Each table is half full.
//!
//! `cargo run --release -p sealwire-host --example huge_pages [ROUNDS]`
#![allow(clippy::expect_used, reason = "an example may end with a message")]

use sealwire_core::replay::{HeapTable, Nonce, Outcome, ReplayStore, memory_bytes};
use sealwire_host::{ProcessTable, random_bytes};
use std::time::Instant;

const WINDOW_S: u64 = 300;
const CLAIMS: u64 = 10_000;

fn main() {
    let rounds = std::env::args().nth(1).map_or(300, |text| text.parse().expect("a number of rounds"));
    println!("live      MiB  heap, ns  process table, ns  saved");
    for live in [100_000, 250_000, 1_000_000, 4_000_000, 16_000_000] {
        let (slots, key) = (live * 2, random_bytes().expect("random bytes"));
        let heap = HeapTable::new(slots, key, 0);
        let table = ProcessTable::new(slots, key, 0).expect("memory");
        let (heap, table) = in_turn(&mut Claims::of(heap, live), &mut Claims::of(table, live), rounds);
        let mib = memory_bytes(slots) >> 20;
        println!("{live:<9} {mib:<4} {heap:<9.1} {table:<18.1} {:.0} %", (1.0 - table / heap) * 100.0);
    }
}

/// Measures the two tables in alternating rounds, so that other load on the machine affects both equally.
/// Returns the 10th percentile of the measured times for each table.
fn in_turn<A: ReplayStore, B: ReplayStore>(
    one: &mut Claims<A>,
    two: &mut Claims<B>,
    rounds: usize,
) -> (f64, f64) {
    let (mut ones, mut twos): (Vec<_>, Vec<_>) = (0..rounds).map(|_| (one.round(), two.round())).unzip();
    (lower_decile(&mut ones), lower_decile(&mut twos))
}

fn lower_decile(rounds: &mut [f64]) -> f64 {
    rounds.sort_by(f64::total_cmp);
    rounds.get(rounds.len() / 10).copied().unwrap_or(f64::NAN)
}

/// A table and the number of nonces claimed in it so far. The simulated clock advances at a rate that keeps
/// `live` unexpired nonces in the table.
struct Claims<T> {
    table: T,
    live: u64,
    count: u64,
}

impl<T: ReplayStore> Claims<T> {
    /// Wraps a table and claims `live` nonces in it.
    fn of(table: T, live: usize) -> Self {
        let mut claims = Self { table, live: live as u64, count: 0 };
        (0..live as u64).for_each(|_| claims.claim());
        claims
    }

    /// Returns the time per claim in nanoseconds.
    fn round(&mut self) -> f64 {
        let start = Instant::now();
        (0..CLAIMS).for_each(|_| self.claim());
        start.elapsed().as_secs_f64() * 1e9 / CLAIMS as f64
    }

    fn claim(&mut self) {
        let now_s = 1_712_419_200 + self.count * WINDOW_S / self.live;
        let entry = self.table.locate(Nonce { sender: "agent", nonce: &self.count.to_le_bytes() });
        let passed = self.table.claim(&entry, now_s + WINDOW_S, now_s) == Outcome::First;
        assert!(passed, "a new nonce was rejected");
        self.count += 1;
    }
}
