//! Tests of the limit on a sender's share of a table.

use super::{KEY, NOW};
use crate::replay::atomic::AtomicU64;
use crate::replay::heap::HeapTable;
use crate::replay::nonce::Nonce;
use crate::replay::store::{Outcome, ReplayStore as _, SenderShare};
use crate::replay::table::{Table, words_for};
use std::vec::Vec;

const WINDOW_S: u64 = 60;

fn claim(table: &HeapTable, sender: &str, number: u64, now_s: u64) -> Outcome {
    claim_as(table, sender, 500_000, number, now_s)
}

fn claim_as(table: &HeapTable, sender: &str, max_ppm: u32, number: u64, now_s: u64) -> Outcome {
    let entry = table.locate(Nonce { sender, nonce: &number.to_le_bytes() });
    table.claim_within(&entry, SenderShare { sender, max_ppm, window_s: WINDOW_S }, now_s + WINDOW_S, now_s)
}

/// Returns the number of accepted claims.
fn passed(table: &HeapTable, sender: &str, attempts: core::ops::Range<u64>, now_s: u64) -> usize {
    attempts.filter(|number| claim(table, sender, *number, now_s) == Outcome::First).count()
}

#[test]
fn one_sender_is_limited_to_half_and_others_are_accepted() {
    for slots in [16, 64, 1024, 65_536] {
        let table = HeapTable::new(slots, KEY, 0);
        let flood = u64::try_from(slots).unwrap();
        assert!(passed(&table, "hostile", 0..flood, NOW) <= slots / 2, "{slots}");
        assert_eq!(claim(&table, "hostile", flood, NOW), Outcome::ShareExceeded);
        assert_eq!(claim(&table, "hostile", 0, NOW), Outcome::Seen, "a replay is reported as a replay");
        if slots >= 1024 {
            assert_eq!(passed(&table, "honest", 0..flood / 8, NOW), slots / 8);
        }
    }
}

#[test]
fn a_sender_never_exceeds_its_share() {
    const SLOTS: usize = 4096;
    let table = HeapTable::new(SLOTS, KEY, 0);
    let (mut number, mut expiries) = (0, Vec::new());
    for second in 0..5 * WINDOW_S {
        let now_s = NOW + second;
        // The sender uses its complete share around each boundary between epochs. At these times, a count of
        // only two epochs would not include all live entries.
        let attempts = if second % 30 >= 28 || second % 30 <= 1 { 2000 } else { 3 };
        for _ in 0..attempts {
            number += 1;
            if claim(&table, "hostile", number, now_s) == Outcome::First {
                expiries.push(now_s + WINDOW_S);
            }
        }
        let live = expiries.iter().filter(|expires_s| **expires_s > now_s).count();
        assert!(live <= SLOTS / 2, "{live} at {second}");
    }
    assert!(expiries.len() > SLOTS, "expired entries free the share of the sender");
}

#[test]
fn replays_do_not_use_the_share_of_the_sender() {
    let table = HeapTable::new(1024, KEY, 0);
    assert_eq!(claim(&table, "honest", 0, NOW), Outcome::First);
    assert!((0..5000).all(|_| claim(&table, "honest", 0, NOW) == Outcome::Seen));
    assert_eq!(claim(&table, "honest", 1, NOW), Outcome::First);
}

#[test]
fn counts_of_a_large_table_do_not_overflow() {
    let table = HeapTable::new(1 << 21, KEY, 0);
    let part = u32::try_from(1_000_000_u64 * 600_000 / (1 << 21)).unwrap();
    let passed =
        (0..700_000).filter(|number| claim_as(&table, "a", part, *number, NOW) == Outcome::First).count();
    assert!((510_000..=600_000).contains(&passed), "{passed}");
}

#[test]
fn a_steady_sender_can_use_most_of_its_share() {
    const SLOTS: usize = 4096;
    // With the `client` scheme, the lifetime of a nonce is half of the window. With other schemes, the
    // lifetime is nearly as long as the window.
    for (lifetime_s, expected) in [(WINDOW_S / 2, SLOTS / 4), (WINDOW_S, SLOTS / 3)] {
        let table = HeapTable::new(SLOTS, KEY, 0);
        let a_second = expected / usize::try_from(lifetime_s).unwrap();
        for number in 0..u64::try_from(a_second).unwrap() * 5 * WINDOW_S {
            let now_s = NOW + number / u64::try_from(a_second).unwrap();
            let entry = table.locate(Nonce { sender: "steady", nonce: &number.to_le_bytes() });
            let share = SenderShare { sender: "steady", max_ppm: 500_000, window_s: WINDOW_S };
            let outcome = table.claim_within(&entry, share, now_s + lifetime_s, now_s);
            assert_eq!(outcome, Outcome::First, "{number}, {lifetime_s} s");
        }
    }
}

#[test]
fn a_sample_of_the_claims_never_allows_more_than_the_share() {
    for (slots, key) in [(8192, [1; 16]), (16_384, [2; 16]), (65_536, [3; 16]), (262_144, [4; 16])] {
        let table = HeapTable::new(slots, key, 0);
        let passed = passed(&table, "hostile", 0..u64::try_from(slots).unwrap(), NOW);
        assert!((slots * 2 / 5..=slots / 2).contains(&passed), "{passed} of {slots}");
    }
}

#[test]
fn processes_that_share_the_words_share_the_counts() {
    let words: Vec<_> = core::iter::repeat_with(|| AtomicU64::new(0)).take(words_for(512)).collect();
    let tables = [Table::new(&words, KEY).unwrap(), Table::new(&words, KEY).unwrap()];
    let passed = (0..512_u64)
        .filter(|number| {
            let table = &tables[usize::try_from(number % 2).unwrap()];
            let entry = table.locate(Nonce { sender: "a", nonce: &number.to_le_bytes() });
            let share = SenderShare { sender: "a", max_ppm: 250_000, window_s: WINDOW_S };
            table.claim_within(&entry, share, NOW + WINDOW_S, NOW) == Outcome::First
        })
        .count();
    assert_eq!(passed, 128);
}

#[test]
fn an_expired_claim_is_not_reported_as_a_replay() {
    let table = HeapTable::new(64, KEY, 0);
    let entry = table.locate(Nonce { sender: "a", nonce: b"never seen" });
    assert_eq!(table.claim(&entry, NOW, NOW), Outcome::Expired);
    assert_eq!(table.claim(&entry, NOW - 1, NOW), Outcome::Expired);
}

#[test]
fn every_table_has_the_requested_number_of_slots() {
    for slots in (8..4096).step_by(8).chain([1 << 20, 1 << 20 | 8]) {
        let words: Vec<_> = core::iter::repeat_with(|| AtomicU64::new(0)).take(words_for(slots)).collect();
        assert_eq!(Table::new(&words, KEY).unwrap().fill(NOW).slots, slots);
    }
}
