//! Tests replay tables for a single process, both on the heap and in huge pages.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use sealwire_core::replay::{Nonce, Outcome, ReplayStore as _, slots_for};
use sealwire_host::ProcessTable;

const NOW: u64 = 1_712_419_200;
const KEY: [u8; 16] = *b"never to be seen";
/// The tested numbers of slots. The first table is on the heap, the second is the smallest table in huge
/// pages, and the third ends in the middle of a huge page.
const SIZES: [usize; 3] = [1 << 10, (1 << 18) - 8, 1_000_000];

fn table(slots: usize) -> ProcessTable {
    ProcessTable::new(slots, KEY, NOW).unwrap()
}

fn claim(table: &ProcessTable, number: u64) -> Outcome {
    let entry = table.locate(Nonce { sender: "agent", nonce: &number.to_le_bytes() });
    table.claim(&entry, NOW + 300, NOW)
}

#[test]
fn a_nonce_is_accepted_once_in_a_table_of_any_size() {
    for slots in SIZES {
        let table = table(slots);
        let half = slots as u64 / 2;
        assert!((0..half).all(|number| claim(&table, number) == Outcome::First), "{slots} slots");
        assert!((0..half).all(|number| claim(&table, number) == Outcome::Seen), "{slots} slots");
        let entry = table.locate(Nonce { sender: "agent", nonce: &0u64.to_le_bytes() });
        assert!(table.seen(&entry, NOW) && !table.seen(&entry, NOW + 300));
        let fill = table.fill(NOW);
        assert_eq!(fill.slots, slots);
        assert!(fill.live.abs_diff(slots / 2) < slots / 10, "{fill:?}");
    }
}

#[test]
fn threads_share_a_table() {
    for slots in SIZES {
        let table = &table(slots);
        let passed = || (0..500).filter(|number| claim(table, *number) == Outcome::First).count();
        let passed: usize = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(passed)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        assert_eq!(passed, 500);
    }
}

#[test]
fn the_smallest_table_is_one_bucket() {
    for slots in [0, 1, 8] {
        let table = table(slots);
        let passed = (0..100).filter(|number| claim(&table, *number) == Outcome::First).count();
        assert_eq!((passed, claim(&table, 0)), (8, Outcome::Seen));
        assert_eq!(claim(&table, 100), Outcome::Full);
    }
}

#[test]
fn the_error_for_an_impossible_size_contains_advice() {
    for slots in [usize::MAX, slots_for(u32::MAX, u32::MAX), usize::MAX / 16] {
        let text = ProcessTable::new(slots, KEY, NOW).unwrap_err().to_string();
        assert!(text.starts_with(&format!("a replay table of {slots} slots takes ")), "{text}");
        assert!(text.contains("size it for fewer requests per second or a shorter window"), "{text}");
    }
}

/// This table is larger than the address space, so the kernel cannot provide the memory.
#[cfg(target_os = "linux")]
#[test]
fn memory_that_the_system_rejects_is_an_error() {
    let error = ProcessTable::new(1 << 55, KEY, NOW).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().to_string().contains("memory"), "{error}");
}

#[test]
fn requests_from_before_the_creation_of_the_table_are_rejected_by_default() {
    for slots in SIZES {
        assert_eq!(table(slots).refuses_before_s(), NOW);
        assert_eq!(table(slots).accept_older().refuses_before_s(), 0);
    }
}

#[test]
fn the_debug_output_does_not_contain_the_key() {
    for slots in SIZES {
        assert_eq!(format!("{:?}", table(slots)), format!("ProcessTable {{ slots: {slots}, .. }}"));
    }
}

#[test]
fn the_position_of_an_entry_depends_on_the_key() {
    let nonce = Nonce { sender: "agent", nonce: b"1" };
    for slots in SIZES {
        let other = ProcessTable::new(slots, [7; 16], NOW).unwrap();
        assert_ne!(table(slots).locate(nonce), other.locate(nonce));
    }
}

#[cfg(unix)]
#[test]
fn a_forked_child_has_a_separate_table() {
    for slots in SIZES {
        let table = table(slots);
        assert_eq!(claim(&table, 1), Outcome::First);
        let child = in_a_fork(|| {
            let known = claim(&table, 1) == Outcome::Seen;
            i32::from(!known || claim(&table, 2) != Outcome::First)
        });
        assert_eq!(child, 0, "the child knows what was claimed before the fork, and claims by itself");
        assert_eq!(claim(&table, 2), Outcome::First, "what the child claims is its own");
    }
}

/// Runs a task in a forked child process and returns the exit code of the child.
#[cfg(unix)]
fn in_a_fork(task: impl FnOnce() -> i32) -> i32 {
    // SAFETY: the child only claims nonces, which requires neither a lock nor an allocation. It exits without
    // running the destructors of the test harness.
    let child = unsafe { libc::fork() };
    if child == 0 {
        let code = task();
        // SAFETY: `_exit` only terminates the child process.
        unsafe { libc::_exit(code) }
    }
    let mut status = 0;
    // SAFETY: `child` is a child of this process, and no other code waits for it. `status` is writable.
    assert_eq!(unsafe { libc::waitpid(child, &raw mut status, 0) }, child);
    assert!(libc::WIFEXITED(status));
    libc::WEXITSTATUS(status)
}
