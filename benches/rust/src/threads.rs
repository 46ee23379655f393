//! Verifying on two threads at once, one verifier and one table between them.

use sealwire_core::keys::KeyRing;
use sealwire_core::replay::HeapTable;
use sealwire_core::{Policy, Scheme, Verifier};
use std::hint::black_box;
use std::sync::{Arc, Barrier};
use std::time::Instant;

use crate::harness::{Row, Settings, Subject};
use crate::samples::{Nonces, START_MS, Sent, policy, request, ring};
use crate::schemes::{LIVE, SLOTS, STEP_MS};

/// Per thread and round: some 2 ms, so that starting together matters little.
const BATCH: usize = 5_000;

pub fn verify(_: &Settings) -> Row {
    Row::new(vec![subject("two threads", 2), subject("one thread", 1)])
}

struct Shared {
    ring: KeyRing,
    policy: Policy,
    table: HeapTable,
}

/// Nanoseconds of wall time per request, over all threads.
fn subject(name: &'static str, threads: usize) -> Subject {
    let table = HeapTable::new(SLOTS, [7; 16], 0);
    let shared = Arc::new(Shared { ring: ring(), policy: policy(Scheme::Client), table });
    let (mut nonces, mut now_ms) = (Nonces(3), START_MS);
    Subject::rounds(name, move || {
        let mut batch = || {
            let mut sign = |at: usize| {
                let at_ms = now_ms + at as u64 * STEP_MS;
                Sent::sign(&shared.ring, Scheme::Client, &nonces.next(), b"", at_ms)
            };
            (0..BATCH / threads).map(|at| sign(at * threads)).collect::<Vec<_>>()
        };
        let batches: Vec<_> = (0..threads).map(|_| batch()).collect();
        now_ms += LIVE * STEP_MS;
        wall(&shared, &batches) / BATCH as f64
    })
}

fn wall(shared: &Shared, batches: &[Vec<Sent>]) -> f64 {
    let barrier = Barrier::new(batches.len());
    let spans: Vec<_> = std::thread::scope(|scope| {
        let spawned: Vec<_> =
            batches.iter().map(|batch| scope.spawn(|| verify_all(shared, batch, &barrier))).collect();
        spawned.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let first = spans.iter().map(|(start, _)| *start).min().unwrap();
    let last = spans.iter().map(|(_, end)| *end).max().unwrap();
    last.duration_since(first).as_secs_f64() * 1e9
}

fn verify_all(shared: &Shared, batch: &[Sent], barrier: &Barrier) -> (Instant, Instant) {
    let heads: Vec<_> = batch.iter().map(|sent| (sent.now_ms, sent.headers())).collect();
    let verifier = Verifier { policy: &shared.policy, keys: &shared.ring };
    barrier.wait();
    let start = Instant::now();
    for (now_ms, headers) in &heads {
        black_box(verifier.verify(&request(headers), b"", Some(&shared.table), *now_ms)).unwrap();
    }
    (start, Instant::now())
}
