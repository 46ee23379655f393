//! Tests with replay files that are replaced, deleted or incompatible.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::MappedTable;
use super::error::Problem;
use super::file::Size;
use sealwire_core::replay::{Nonce, Outcome, ReplayStore as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

const NOW: u64 = 1_712_419_200;

fn directory() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("orders.replay");
    (directory, path)
}

fn default(path: &Path, slots: usize) -> Result<MappedTable, super::MappedError> {
    MappedTable::open_sized(path, Size::AtLeast(slots), None)
}

fn claim(table: &MappedTable, nonce: &[u8], now_s: u64) -> Outcome {
    let entry = table.locate(Nonce { sender: "agent", nonce });
    table.claim(&entry, now_s + 60, now_s)
}

#[test]
fn a_table_accepts_no_claims_after_its_file_is_renamed_replaced_or_deleted() {
    type Change = fn(&Path, &Path);
    let renamed: Change = |path, other| std::fs::rename(path, other).unwrap();
    let replaced: Change = |path, other| {
        std::fs::copy(path, other).unwrap();
        std::fs::rename(other, path).unwrap();
    };
    let linked: Change = |path, other| {
        std::fs::rename(path, other).unwrap();
        std::os::unix::fs::symlink(other, path).unwrap();
    };
    let deleted: Change = |path, _| std::fs::remove_file(path).unwrap();
    let cut: Change =
        |path, _| std::fs::File::options().write(true).open(path).unwrap().set_len(4096).unwrap();
    for change in [renamed, replaced, linked, deleted, cut] {
        let (directory, path) = directory();
        let table = MappedTable::open(&path, 64).unwrap();
        assert_eq!(claim(&table, b"1", NOW), Outcome::First);
        change(&path, &directory.path().join("other"));
        assert_eq!(claim(&table, b"2", NOW + 1), Outcome::Unavailable);
    }
}

#[test]
fn a_file_that_was_renamed_and_restored_is_not_used_again() {
    let (directory, path) = directory();
    let table = MappedTable::open(&path, 64).unwrap();
    let other = directory.path().join("other");
    std::fs::rename(&path, &other).unwrap();
    assert_eq!(claim(&table, b"1", NOW), Outcome::Unavailable);
    std::fs::rename(&other, &path).unwrap();
    assert_eq!(claim(&table, b"1", NOW + 1), Outcome::Unavailable);
    assert_eq!(claim(&MappedTable::open(&path, 64).unwrap(), b"1", NOW + 1), Outcome::First);
}

#[test]
fn claims_update_the_times_of_the_file() {
    let (_directory, path) = directory();
    let table = MappedTable::open(&path, 64).unwrap();
    let old = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(NOW);
    std::fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    assert_eq!(claim(&table, b"1", NOW), Outcome::First);
    let touched_s = path.metadata().unwrap().mtime().cast_unsigned();
    assert!(crate::now_s().abs_diff(touched_s) < 60);
    assert_eq!(path.metadata().unwrap().atime().cast_unsigned(), touched_s);
}

#[test]
fn the_default_file_may_be_larger_than_required() {
    let (_directory, path) = directory();
    let first = default(&path, 1024).unwrap();
    let second = default(&path, 64).unwrap();
    assert_eq!(second.slots(), 1024);
    assert_eq!(claim(&first, b"1", NOW), Outcome::First);
    assert_eq!(claim(&second, b"1", NOW), Outcome::Seen);
}

#[test]
fn an_incompatible_default_file_is_replaced_if_it_is_not_in_use() {
    let (_directory, path) = directory();
    let small = default(&path, 64).unwrap();
    let error = default(&path, 1024).unwrap_err();
    assert!(matches!(error.problem(), Problem::Slots { found: 64, wanted: 1024 }), "{error}");
    drop(small);
    assert_eq!(default(&path, 1024).unwrap().slots(), 1024);

    let mut of_another_version = std::fs::read(&path).unwrap();
    of_another_version.splice(8..16, 99u64.to_ne_bytes());
    std::fs::write(&path, of_another_version).unwrap();
    assert!(matches!(MappedTable::open(&path, 1024).unwrap_err().problem(), Problem::Version(99)));
    assert_eq!(default(&path, 1024).unwrap().slots(), 1024);
}

#[test]
fn processes_that_replace_an_incompatible_file_at_the_same_time_use_one_new_file() {
    for _ in 0..20 {
        let (_directory, path) = directory();
        drop(default(&path, 64).unwrap());
        let tables: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(|| default(&path, 1024).unwrap())).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let passed = tables.iter().filter(|table| claim(table, b"1", NOW) == Outcome::First).count();
        assert_eq!(passed, 1);
    }
}
