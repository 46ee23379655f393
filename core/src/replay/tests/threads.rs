//! Tests with many threads. Exactly one of several equal claims must be accepted, and different claims must
//! not affect each other.

use super::{NOW, entry, heap};
use crate::replay::heap::HeapTable;
use crate::replay::store::{Outcome, ReplayStore as _};
use std::sync::Barrier;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::vec::Vec;

const THREADS: usize = 8;

/// Runs `work` on all threads at the same time and returns the sum of the results.
fn together(work: impl Fn(usize) -> usize + Sync) -> usize {
    let barrier = Barrier::new(THREADS);
    let run = |thread| {
        barrier.wait();
        work(thread)
    };
    std::thread::scope(|scope| {
        let run = &run;
        let threads: Vec<_> = (0..THREADS).map(|thread| scope.spawn(move || run(thread))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn first(table: &HeapTable, number: u64, now_s: u64) -> usize {
    usize::from(table.claim(&entry(table, number), now_s + 300, now_s) == Outcome::First)
}

#[test]
fn one_of_a_hundred_thousand_identical_claims_is_accepted() {
    let table = heap(1024);
    let passed = together(|_| (0..100_000 / THREADS).map(|_| first(&table, 1, NOW)).sum());
    assert_eq!(passed, 1);
}

#[test]
fn each_of_many_contested_nonces_is_accepted_once() {
    const NONCES: u64 = 50_000;
    let table = heap(slots());
    let passed: Vec<_> = (0..NONCES).map(|_| AtomicUsize::new(0)).collect();
    together(|_| {
        for (number, passed) in (0..).zip(&passed) {
            passed.fetch_add(first(&table, number, NOW), Relaxed);
        }
        0
    });
    assert!(passed.iter().all(|passed| passed.load(Relaxed) == 1));
}

const fn slots() -> usize {
    crate::replay::slots_for(50_000, 1)
}

/// All claims use the same bucket. The clock advances, so expired slots are reused while claims compete.
#[test]
fn one_claim_per_second_is_accepted_while_entries_expire() {
    const SECONDS: u64 = 20_000;
    let table = heap(8);
    let passed: Vec<_> = (0..SECONDS).map(|_| AtomicUsize::new(0)).collect();
    let barrier = Barrier::new(THREADS);
    together(|_| {
        for (second, passed) in (0..).zip(&passed) {
            barrier.wait();
            let entry = entry(&table, second);
            let outcome = table.claim(&entry, NOW + second + 4, NOW + second);
            passed.fetch_add(usize::from(outcome == Outcome::First), Relaxed);
        }
        0
    });
    assert!(passed.iter().all(|passed| passed.load(Relaxed) == 1));
}

#[test]
fn all_different_claims_at_the_same_time_are_accepted() {
    let table = heap(slots());
    let passed =
        together(|thread| (0..5_000).map(|number| first(&table, (thread as u64) << 32 | number, NOW)).sum());
    assert_eq!(passed, THREADS * 5_000);
}
