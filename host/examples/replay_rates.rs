//! Measures how often a replay table rejects a new nonce, for the figures in docs/replay.md.
//!
//! Run it with `cargo run --release -p sealwire-host --example replay_rates [probes]`. A run with 10^10
//! probes takes several minutes.

use sealwire_core::replay::{HeapTable, Nonce, Outcome, ReplayStore as _};

const SLOTS: u64 = 1 << 16;
const WINDOW_S: u64 = 300;
const WINDOWS: u64 = 200;

fn main() {
    for percent in [45, 50, 55, 60, 65, 70, 75] {
        let (full, claims) = fill(percent);
        println!(
            "{percent} % of the slots in use: {full} of {claims} fresh nonces found their 16 slots taken"
        );
    }
    let probes = std::env::args().nth(1).and_then(|given| given.parse().ok()).unwrap_or(100_000_000);
    let (seen, expected) = (false_seen(probes), probes_to_hits(probes));
    println!("full table: {seen} of {probes} fresh nonces taken for seen, {expected:.2} expected");
}

/// Claims nonces at a constant rate for many time windows. At this rate, `percent` percent of the slots
/// contain unexpired nonces. Returns the number of nonces for which there was no free slot, and the total
/// number of nonces.
fn fill(percent: u64) -> (u64, u64) {
    let table = HeapTable::new(slots(), [7; 16], 0);
    let per_second = SLOTS * percent / 100 / WINDOW_S;
    let (mut full, mut number) = (0, 0);
    for now_s in 1..=WINDOW_S * WINDOWS {
        for _ in 0..per_second {
            number += 1;
            let entry = table.locate(nonce(&u64::to_le_bytes(number)));
            full += u64::from(table.claim(&entry, now_s + WINDOW_S, now_s) == Outcome::Full);
        }
    }
    (full, number)
}

/// Looks up new nonces in a full table. Returns the number of nonces that the table wrongly reports as
/// already seen.
fn false_seen(probes: u64) -> u64 {
    let table = HeapTable::new(slots() / 16, [7; 16], 0);
    for number in 0..SLOTS * 4 {
        let entry = table.locate(nonce(&u64::to_le_bytes(number)));
        let _first_or_full = table.claim(&entry, 1_300, 1_000);
    }
    let fill = table.fill(1_000);
    assert_eq!(fill.live, fill.slots, "every slot is live");
    let looks = 1 << 40..(1 << 40) + probes;
    looks.filter(|number| table.seen(&table.locate(nonce(&u64::to_le_bytes(*number))), 1_000)).count() as u64
}

#[expect(clippy::cast_precision_loss, reason = "the result is only printed")]
fn probes_to_hits(probes: u64) -> f64 {
    probes as f64 * 16.0 / (1_u64 << 35) as f64
}

fn slots() -> usize {
    usize::try_from(SLOTS).unwrap_or(usize::MAX)
}

const fn nonce(bytes: &[u8]) -> Nonce<'_> {
    Nonce { sender: "agent", nonce: bytes }
}
