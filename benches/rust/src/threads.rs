//! Verifying on two threads at once, one verifier and one table between them.
//!
//! The one row that counts wall time: two threads at once are its very subject. A round during which the scheduler took a
//! thread's processor away says nothing about that, so it is run again.

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

/// Per round: a millisecond on each of two threads, short enough to escape the scheduler, long enough for starting together
/// to matter little.
const BATCH: usize = 5_000;
/// On a machine too busy for a round without interruption, the last one counts as it came.
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

/// Nanoseconds of wall time per request, over a thread for each of `shared`.
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

/// How often this thread was interrupted against its will.
fn interruptions() -> i64 {
    getrusage(UsageWho::RUSAGE_THREAD).map_or(0, |usage| usage.involuntary_context_switches())
}
