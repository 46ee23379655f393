//! Tests with several mappings of the same file.

use crate::{NOW, SLOTS, claim, in_new_directory, open};
use sealwire_core::replay::{Nonce, Outcome, ReplayStore as _, memory_bytes};
use sealwire_host::mapped::{MappedTable, default_path};
use std::os::unix::fs::PermissionsExt as _;

#[test]
fn a_claim_in_one_mapping_is_visible_in_another() {
    let (_directory, path) = in_new_directory();
    let (one, two) = (open(&path), open(&path));
    assert_eq!(claim(&one, 1), Outcome::First);
    assert_eq!(claim(&two, 1), Outcome::Seen);
    assert_eq!(claim(&two, 2), Outcome::First);
    assert_eq!(claim(&one, 2), Outcome::Seen);
}

#[test]
fn entries_and_creation_time_are_preserved_after_a_restart() {
    let (_directory, path) = in_new_directory();
    let before = open(&path);
    let created_s = before.created_s();
    assert_eq!(claim(&before, 1), Outcome::First);
    drop(before);
    let after = open(&path);
    assert_eq!(claim(&after, 1), Outcome::Seen);
    assert_eq!(after.created_s(), created_s);
    assert_eq!(after.refuses_before_s(), created_s);
    assert_eq!(after.accept_older().refuses_before_s(), 0);
}

#[test]
fn only_the_owner_can_access_the_file_and_its_length_matches_the_table() {
    let (directory, path) = in_new_directory();
    let table = open(&path);
    let metadata = path.metadata().unwrap();
    assert_eq!(metadata.permissions().mode() & 0o7777, 0o600);
    assert_eq!(metadata.len(), 4096 + memory_bytes(SLOTS) as u64);
    assert_eq!(table.fill(NOW).slots, SLOTS);
    assert_eq!(directory.path().read_dir().unwrap().count(), 1, "nothing is left beside it");
}

#[test]
fn two_files_have_different_keys() {
    let (_one, one) = in_new_directory();
    let (_two, two) = in_new_directory();
    let nonce = Nonce { sender: "agent", nonce: b"1" };
    assert_ne!(open(&one).locate(nonce), open(&two).locate(nonce));
}

#[test]
fn a_table_rejects_claims_after_its_file_is_deleted() {
    let (_directory, path) = in_new_directory();
    let table = open(&path);
    assert_eq!(claim(&table, 1), Outcome::First);
    std::fs::remove_file(&path).unwrap();
    let entry = table.locate(Nonce { sender: "agent", nonce: b"2" });
    assert_eq!(table.claim(&entry, NOW + 300, NOW + 1), Outcome::Unavailable);
    assert_eq!(
        claim(&open(&path), 1),
        Outcome::First,
        "the new file contains no nonces, so it rejects older requests"
    );
}

#[test]
fn slots_are_rounded_up_to_whole_buckets() {
    let (_directory, path) = in_new_directory();
    assert_eq!(MappedTable::open(&path, 1001).unwrap().slots(), 1008);
    assert_eq!(MappedTable::open(&path, 1008).unwrap().slots(), 1008);
}

#[test]
fn temporary_files_of_killed_processes_are_removed() {
    let (directory, path) = in_new_directory();
    drop(open(&path));
    let other_name = directory.path().join(".practices.replay.0123456789abcdef.new");
    std::fs::hard_link(&path, &other_name).unwrap();
    drop(open(&path));
    assert!(!other_name.exists());
    assert!(path.exists());
}

#[test]
fn the_default_file_has_the_name_of_the_service_and_is_in_a_private_directory() {
    let path = default_path("practices").unwrap();
    assert_eq!(path.file_name().unwrap(), "practices.replay");
    assert_eq!(path.parent().unwrap().metadata().unwrap().permissions().mode() & 0o022, 0);
    for name in ["", "..", "a/b", ".hidden", "-x", "a b", &"a".repeat(65)] {
        assert!(default_path(name).is_err(), "{name}");
    }
}
