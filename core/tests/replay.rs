//! Tests of the replay table.

use std::sync::atomic::AtomicU64;

use sealwire_core::replay::{Entry, Nonce, Outcome, ReplayStore, Table, TableError};

use crate::common::assert_messages_name;

#[test]
fn a_nonce_has_two_buckets_and_a_fingerprint() {
    for buckets in [2, 3, 8, 1000] {
        let places: Vec<_> = (0..500_u32)
            .map(|number| {
                Entry::locate(Nonce { sender: "a", nonce: &number.to_le_bytes() }, &[7; 16], buckets)
            })
            .collect();
        for place in &places {
            let (first, second) = place.buckets();
            assert!(first < buckets && second < buckets && first != second, "{place:?} of {buckets}");
        }
        let fingerprints: std::collections::HashSet<_> = places.iter().map(Entry::fingerprint).collect();
        assert_eq!(fingerprints.len(), places.len());
        let firsts: std::collections::HashSet<_> = places.iter().map(Entry::buckets).collect();
        assert!(firsts.len() >= buckets.min(300), "the entries use too few of the {buckets} buckets");
    }
}

#[test]
fn expired_entries_are_not_seen() {
    let words: [AtomicU64; 24] = [const { AtomicU64::new(0) }; 24];
    let table = Table::new(&words, [7; 16]).unwrap();
    let store: &dyn ReplayStore = &table;
    let entry = |number: u8| store.locate(Nonce { sender: "a", nonce: &[number] });
    for number in 0..8 {
        assert!(!store.seen(&entry(number), 1000), "{number} was never claimed");
        let until_s = if number < 4 { 1010 } else { 1100 };
        assert_eq!(store.claim(&entry(number), until_s, 1000), Outcome::First);
    }
    for number in 0..8 {
        assert!(store.seen(&entry(number), 1009), "{number} is live");
        assert_eq!(store.seen(&entry(number), 1010), number >= 4, "{number}");
    }
    assert_eq!((store.fill(1009).live, store.fill(1010).live), (8, 4));
    assert_eq!(store.refuses_before_s(), 0);
}

#[test]
fn an_error_contains_the_wrong_length() {
    assert_messages_name(&[&TableError::Length(9)], &["given 9"]);
}
