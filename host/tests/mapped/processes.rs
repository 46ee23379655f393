//! Tests with several processes that share a file, some of which are killed.

use crate::child::{Task, passed, spawn};
use crate::{claim, in_new_directory, open};
use sealwire_core::replay::Outcome;
use std::collections::HashSet;
use std::path::Path;
use std::process::Child;
use std::time::Duration;

const PROCESSES: u64 = 4;

fn all(task: &Task, path: &Path) -> Vec<Child> {
    (0..PROCESSES).map(|_| spawn(task, path)).collect()
}

#[test]
fn one_of_a_hundred_thousand_identical_claims_by_four_processes_is_accepted() {
    let (_directory, path) = in_new_directory();
    let children = all(&Task::Hammer(100_000 / PROCESSES), &path);
    let passed: Vec<_> = children.into_iter().flat_map(passed).collect();
    assert_eq!(passed, [7]);
}

#[test]
fn processes_that_start_together_share_a_table_and_accept_each_nonce_once() {
    const NONCES: u64 = 20_000;
    let (_directory, path) = in_new_directory();
    let children = all(&Task::Count(NONCES), &path);
    let mut passed: Vec<_> = children.into_iter().flat_map(passed).collect();
    passed.sort_unstable();
    assert!(passed.into_iter().eq(0..NONCES));
}

/// The four processes claim the same nonces in the same order. When they are killed, they are competing for
/// the same nonce.
#[test]
fn killed_workers_accept_no_nonce_twice_and_the_table_remains_valid() {
    let (_directory, path) = in_new_directory();
    let mut passed = Vec::new();
    for round in 0..40 {
        let mut children = all(&Task::Count(20_000), &path);
        std::thread::sleep(Duration::from_millis(3 + round % 12));
        for child in &mut children {
            child.kill().unwrap();
        }
        passed.extend(children.into_iter().flat_map(self::passed));
    }
    let different: HashSet<_> = passed.iter().copied().collect();
    assert_eq!(different.len(), passed.len(), "none passed twice");
    assert!(different.len() > 100, "the kills left time for work: {}", different.len());

    let table = open(&path);
    assert!(different.iter().all(|nonce| claim(&table, *nonce) == Outcome::Seen));
    let fresh = 1 << 40;
    assert!((fresh..fresh + 5_000).all(|nonce| claim(&table, nonce) == Outcome::First));
}

#[test]
fn a_process_killed_while_creating_the_file_leaves_no_incomplete_file() {
    let (_directory, path) = in_new_directory();
    for round in 0..40 {
        let mut child = spawn(&Task::Open, &path);
        std::thread::sleep(Duration::from_micros(500 + 150 * round));
        child.kill().unwrap();
        child.wait().unwrap();
        assert_eq!(claim(&open(&path), 1), Outcome::First);
        std::fs::remove_file(&path).unwrap();
    }
}
