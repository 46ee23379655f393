//! Tests of the documented probabilities that a table rejects a new nonce.

use super::{NOW, entry, heap};
use crate::replay::backend::TableBackend as _;
use crate::replay::bucket::Snapshot;
use crate::replay::heap::HeapTable;
use crate::replay::nonce::Entry;
use crate::replay::store::{Outcome, ReplayStore as _};
use crate::replay::table::slots_for;

#[test]
fn a_table_of_the_calculated_size_accepts_all_claims_of_ten_windows() {
    let (rate, window_s) = (200, 60);
    let table = heap(slots_for(rate, window_s));
    let seconds = 0..u64::from(window_s) * 10;
    let claims = seconds.flat_map(|second| (0..u64::from(rate)).map(move |number| (second, number)));
    for (second, number) in claims {
        let entry = entry(&table, second << 32 | number);
        let now_s = NOW + second;
        assert_eq!(table.claim(&entry, now_s + u64::from(window_s), now_s), Outcome::First);
    }
}

/// False matches of 35 bits are too rare to test, so this test compares only `BITS` bits. If the rate of
/// matches is 16 in 2^20, the fingerprints are evenly distributed, and each additional bit halves the rate.
#[test]
fn new_nonces_match_at_the_rate_that_the_number_of_bits_predicts() {
    const BITS: u32 = 20;
    const PROBES: u64 = 4_000_000;
    let table = full_table();
    let hits: usize =
        (0..PROBES).map(|number| equal_top_bits(&table, &entry(&table, 1 << 40 | number), BITS)).sum();
    let expected = (16 * PROBES) as f64 / f64::from(1 << BITS);
    // The tolerance is five standard deviations of a Poisson distribution. With about one key in a million,
    // the test would fail by chance. The key is fixed, so the result is always the same.
    assert!((hits as f64 - expected).abs() < 5.0 * expected.sqrt(), "{hits} hits, {expected} expected");
}

fn full_table() -> HeapTable {
    let table = heap(1 << 12);
    for number in 0..1 << 16 {
        let _first_or_full = table.claim(&entry(&table, number), NOW + 300, NOW);
    }
    assert_eq!(table.fill(NOW).live, 1 << 12);
    table
}

fn equal_top_bits(table: &HeapTable, entry: &Entry, bits: u32) -> usize {
    let shown = table.table().unwrap();
    let slots = [entry.first, entry.second].into_iter().flat_map(|number| {
        let snapshot = Snapshot::of(&shown.words.buckets[number]);
        (0..8).filter_map(move |slot| snapshot.get(slot))
    });
    slots.filter(|slot| slot.0 >> (64 - bits) == entry.fingerprint >> (35 - bits)).count()
}

#[test]
fn the_fill_of_a_large_table_is_estimated_within_two_points() {
    let table = heap(1 << 18);
    for number in 0..1 << 17 {
        assert_eq!(table.claim(&entry(&table, number), NOW + 300, NOW), Outcome::First);
    }
    let fill = table.fill(NOW);
    assert_eq!(fill.slots, 1 << 18);
    let share = fill.live as f64 / fill.slots as f64;
    assert!((share - 0.5).abs() < 0.02, "{share}");
    assert_eq!(table.fill(NOW + 300).live, 0);
}
