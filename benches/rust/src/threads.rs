//! Verification on two threads that share a verifier and a table.
//!
//! This is the only row that measures wall time. A round in which the scheduler interrupted a thread is
//! repeated.

use nix::sys::resource::{UsageWho, getrusage};
use sealwire_core::keys::KeyRing;
use sealwire_core::replay::HeapTable;
use sealwire_core::{Policy, Scheme, Verifier};
use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::time::Instant;

use crate::harness::{Row, Settings, Subject};
use crate::samples::{Nonces, START_MS, Sent, policy, request, ring};
use crate::schemes::{LIVE, SLOTS, STEP_MS};

/// The number of requests per round: a millisecond on each of two threads. This is short enough to avoid
/// interruptions and long enough that the start of the threads is negligible.
const BATCH: usize = 5_000;
/// The maximum number of attempts. On a busy machine, the last round is used despite interruptions.
const TRIES: usize = 50;

pub fn verify(_: &Settings) -> Row {
    let one = shared();
    let together = subject("two threads", &[Arc::clone(&one), one]);
    let apart = subject("two threads that share no data", &[shared(), shared()]);
    Row::new(vec![together, subject("one thread", &[shared()]), apart]).on_threads(2)
}

struct Shared {
    ring: KeyRing,
    policy: Policy,
    table: HeapTable,
}

fn shared() -> Arc<Shared> {
    let table = HeapTable::new(SLOTS, [7; 16], 0);
    Arc::new(Shared { ring: ring(), policy: policy(Scheme::Client), table })
}

/// Returns the wall time per request in nanoseconds, with a thread for each element of `shared`.
fn subject(name: &'static str, shared: &[Arc<Shared>]) -> Subject {
    let (shared, threads) = (shared.to_vec(), shared.len());
    let (ring, mut nonces, mut now_ms) = (ring(), Nonces(3), START_MS);
    let mut round = move || {
        let mut sign = |at: usize| {
            let at_ms = now_ms + at as u64 * STEP_MS;
            Sent::sign(&ring, Scheme::Client, &nonces.next(), b"", at_ms)
        };
        let mut batch = || (0..BATCH / threads).map(|at| sign(at * threads)).collect::<Vec<_>>();
        let batches: Vec<_> = (0..threads).map(|_| batch()).collect();
        now_ms += LIVE * STEP_MS;
        wall(&shared, &batches)
    };
    Subject::rounds(name, move || {
        let undisturbed = (0..TRIES).map(|_| round()).find(|took| !took.interrupted);
        undisturbed.unwrap_or_else(&mut round).seconds * 1e9 / BATCH as f64
    })
}

struct Took {
    seconds: f64,
    interrupted: bool,
}

fn wall(shared: &[Arc<Shared>], batches: &[Vec<Sent>]) -> Took {
    let barrier = Barrier::new(batches.len());
    let spans: Vec<_> = std::thread::scope(|scope| {
        let work = shared.iter().zip(batches);
        let spawned: Vec<_> =
            work.map(|(shared, batch)| scope.spawn(|| verify_all(shared, batch, &barrier))).collect();
        spawned.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let first = spans.iter().map(|span| span.start).min().unwrap();
    let last = spans.iter().map(|span| span.end).max().unwrap();
    let interrupted = spans.iter().any(|span| span.interruptions > 0);
    Took { seconds: last.duration_since(first).as_secs_f64(), interrupted }
}

struct Span {
    start: Instant,
    end: Instant,
    interruptions: i64,
}

fn verify_all(shared: &Shared, batch: &[Sent], barrier: &Barrier) -> Span {
    let heads: Vec<_> = batch.iter().map(|sent| (sent.now_ms, sent.headers())).collect();
    let verifier = Verifier { policy: &shared.policy, keys: &shared.ring };
    barrier.wait();
    let before = interruptions();
    let start = Instant::now();
    for (now_ms, headers) in &heads {
        black_box(verifier.verify(&request(headers), b"", Some(&shared.table), *now_ms)).unwrap();
    }
    let end = Instant::now();
    Span { start, end, interruptions: interruptions() - before }
}

/// Returns the number of involuntary context switches of this thread.
fn interruptions() -> i64 {
    getrusage(UsageWho::RUSAGE_THREAD).map_or(0, |usage| usage.involuntary_context_switches())
}
