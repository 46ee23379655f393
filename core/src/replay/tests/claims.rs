//! Tests of claims by a single thread.

use super::{NOW, entry, heap};
use crate::replay::atomic::AtomicU64;
use crate::replay::backend::TableBackend as _;
use crate::replay::nonce::{Nonce, shared_key};
use crate::replay::store::{MAX_LIFETIME_SECONDS, Outcome, ReplayStore};
use crate::replay::table::{Table, TableError, memory_bytes, slots_for, words_for};
use crate::wire::reason::Reason;
use std::vec::Vec;

#[test]
fn a_nonce_is_accepted_once() {
    let table = heap(64);
    let entry = entry(&table, 1);
    assert!(!table.seen(&entry, NOW));
    assert_eq!(table.claim(&entry, NOW + 300, NOW), Outcome::First);
    assert!(table.seen(&entry, NOW));
    assert_eq!(table.claim(&entry, NOW + 300, NOW + 299), Outcome::Seen);
}

#[test]
fn a_lookup_does_not_claim_the_nonce() {
    let table = heap(64);
    let entry = entry(&table, 1);
    assert!(!table.seen(&entry, NOW));
    assert!(!table.seen(&entry, NOW));
    assert_eq!(table.claim(&entry, NOW + 300, NOW), Outcome::First);
}

#[test]
fn different_senders_can_use_the_same_nonce() {
    let table = heap(64);
    for (sender, nonce) in [("agent", "x-1"), ("agentx", "-1"), ("practices", "x-1"), ("", "agentx-1")] {
        let entry = table.locate(Nonce { sender, nonce: nonce.as_bytes() });
        assert_eq!(table.claim(&entry, NOW + 300, NOW), Outcome::First, "{sender} {nonce}");
    }
}

#[test]
fn an_entry_is_live_until_the_second_of_its_expiry() {
    let table = heap(64);
    let entry = entry(&table, 1);
    assert_eq!(table.claim(&entry, NOW + 300, NOW), Outcome::First);
    assert!(table.seen(&entry, NOW + 299));
    assert!(!table.seen(&entry, NOW + 300));
    assert_eq!(table.claim(&entry, NOW + 600, NOW + 300), Outcome::First);
}

#[test]
fn a_claim_after_its_expiry_is_rejected() {
    let table = heap(64);
    assert_eq!(table.claim(&entry(&table, 1), NOW, NOW), Outcome::Expired);
    assert_eq!(table.claim(&entry(&table, 1), NOW - 1, NOW), Outcome::Expired);
}

#[test]
fn a_lifetime_that_exceeds_the_expiry_bits_is_unavailable() {
    let table = heap(64);
    assert_eq!(table.claim(&entry(&table, 1), NOW + MAX_LIFETIME_SECONDS, NOW), Outcome::First);
    assert_eq!(table.claim(&entry(&table, 2), NOW + MAX_LIFETIME_SECONDS + 1, NOW), Outcome::Unavailable);
    assert_eq!(table.claim(&entry(&table, 3), u64::MAX, NOW), Outcome::Unavailable);
}

#[test]
fn an_entry_is_live_if_the_expiry_bits_wrap_around() {
    let wraps_at = 13 << 27;
    let table = heap(64);
    let entry = entry(&table, 1);
    assert_eq!(table.claim(&entry, wraps_at + 100, wraps_at - 100), Outcome::First);
    for now_s in [wraps_at - 100, wraps_at - 1, wraps_at, wraps_at + 99] {
        assert_eq!(table.claim(&entry, wraps_at + 100, now_s), Outcome::Seen);
    }
    assert_eq!(table.claim(&entry, wraps_at + 400, wraps_at + 100), Outcome::First);
}

#[test]
fn a_full_table_rejects_claims_and_evicts_no_entry() {
    let table = heap(8);
    let entries: Vec<_> = (0..9).map(|number| entry(&table, number)).collect();
    for held in &entries[..8] {
        assert_eq!(table.claim(held, NOW + 300, NOW), Outcome::First);
    }
    assert_eq!(table.claim(&entries[8], NOW + 900, NOW + 299), Outcome::Full);
    assert!(entries[..8].iter().all(|held| table.seen(held, NOW + 299)));
    assert_eq!(table.claim(&entries[8], NOW + 900, NOW + 300), Outcome::First);
}

/// Tests claims with an outdated `now_s`, which occur if the time is read before a slow body has arrived. The
/// slot of the first claim is reused before the second claim is made.
#[test]
fn an_outdated_time_does_not_accept_a_removed_entry_again() {
    let table = heap(64);
    assert_eq!(table.claim(&entry(&table, 0), NOW + 5, NOW), Outcome::First);
    for number in 1..=24 {
        assert_eq!(table.claim(&entry(&table, number), NOW + 10, NOW + 5), Outcome::First);
    }
    for number in 0..=24 {
        assert_ne!(table.claim(&entry(&table, number), NOW + 5, NOW + 4), Outcome::First);
    }
}

#[test]
fn after_the_clock_is_set_back_only_claims_newer_than_removed_entries_are_accepted() {
    let table = heap(8);
    assert_eq!(table.claim(&entry(&table, 1), NOW + 300, NOW), Outcome::First);
    assert_eq!(table.claim(&entry(&table, 2), NOW + 900, NOW + 600), Outcome::First);
    assert_eq!(table.claim(&entry(&table, 1), NOW + 300, NOW), Outcome::Unavailable);
    assert_eq!(table.claim(&entry(&table, 3), NOW + 301, NOW + 1), Outcome::First);
}

#[test]
fn each_outcome_has_its_reason() {
    assert_eq!(Outcome::First.admit(), Ok(()));
    assert_eq!(Outcome::Seen.admit(), Err(Reason::Replayed));
    assert_eq!(Outcome::Full.admit(), Err(Reason::ReplayStoreFull));
    assert_eq!(Outcome::Unavailable.admit(), Err(Reason::ReplayStoreUnavailable));
}

#[test]
fn a_heap_table_rejects_older_requests_unless_configured() {
    assert_eq!(heap(8).refuses_before_s(), NOW);
    assert_eq!(heap(8).accept_older().refuses_before_s(), 0);
}

#[test]
fn static_memory_can_contain_a_table() {
    static WORDS: [AtomicU64; words_for(16)] = [const { AtomicU64::new(0) }; words_for(16)];
    let table = Table::new(&WORDS, super::KEY).unwrap();
    let entry = table.locate(Nonce { sender: "agent", nonce: b"1" });
    assert_eq!(table.claim(&entry, NOW + 300, NOW), Outcome::First);
    let again = Table::new(&WORDS, super::KEY).unwrap();
    assert_eq!(again.claim(&entry, NOW + 300, NOW), Outcome::Seen);
}

#[test]
fn invalid_numbers_of_words_are_rejected() {
    for length in [0, 1, 8, 15, 17, 23] {
        let words: Vec<_> = core::iter::repeat_with(|| AtomicU64::new(0)).take(length).collect();
        assert_eq!(Table::new(&words, super::KEY).unwrap_err(), TableError::Length(length));
    }
}

#[test]
fn debug_output_contains_the_size_but_not_the_key() {
    let table = heap(64);
    assert_eq!(std::format!("{table:?}"), "HeapTable { slots: 64, .. }");
    assert_eq!(std::format!("{:?}", table.table().unwrap()), "Table { slots: 64, .. }");
}

#[test]
fn tables_have_whole_buckets_and_twice_the_slots_of_live_entries() {
    assert_eq!(slots_for(1_000, 300), 600_000);
    assert_eq!(slots_for(1, 1), 8);
    assert_eq!(slots_for(0, 300), 8);
    assert_eq!(memory_bytes(600_000), 600_000 * 8 + 64 + 4096);
    assert_eq!(words_for(0), 16);
    assert_eq!(slots_for(u32::MAX, u32::MAX) % 8, 0);
}

#[test]
fn a_shared_key_is_the_same_on_all_hosts_and_depends_on_sender_and_nonce() {
    let key = |sender, nonce| hex::encode(shared_key(Nonce { sender, nonce }));
    // The key must not change between versions, because hosts with different versions of Sealwire share a
    // Redis server.
    assert_eq!(key("agent", b"nonce-1"), PINNED);
    assert_ne!(key("agent", b"nonce-1"), key("agentn", b"once-1"));
}

const PINNED: &str = "12765ebcecbe70e61ae7037a527336d9a952c78190c5fa5a47b243614138287c";
