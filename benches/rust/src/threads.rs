//! Measures verification on two threads that share a verifier and a table. The verifier is called both
//! directly and in the tower layer.
//!
//! These benchmarks measure wall time. If the scheduler interrupted a thread, the round is repeated.

use http::Request as HttpRequest;
use nix::sys::resource::{UsageWho, getrusage};
use sealwire::tower::Verify;
use sealwire_core::keys::KeyRing;
use sealwire_core::replay::HeapTable;
use sealwire_core::{Policy, Scheme, Verifier};
use std::hint::black_box;
use std::sync::{Arc, Barrier, Mutex};
use std::time::Instant;
use tower_service::Service;

use crate::harness::{Row, Settings, Subject};
use crate::layer::{Application, finished, guarded, keys, signed_requests};
use crate::samples::{Nonces, START_MS, Sent, policy, request, ring};
use crate::schemes::{LIVE, SLOTS, STEP_MS};

/// The number of requests in a round. Each of two threads verifies these requests in about a millisecond.
/// This is short enough to avoid interruptions, and long enough to make the start of the threads negligible.
const BATCH: usize = 5_000;
/// The maximum number of attempts to measure a round without interruptions. If all attempts are interrupted,
/// the last round is used.
const TRIES: usize = 50;

pub fn verify(_: &Settings) -> Row {
    row(|| Arc::new(Core::new()))
}

pub fn tower(_: &Settings) -> Row {
    row(|| Arc::new(Tower::new(BATCH)))
}

/// Verifies requests with one tower layer on two threads, while another program counts the system calls.
pub fn contend(requests: usize) {
    let shared = Arc::new(Tower::new(requests));
    let batches = [shared.batch(requests / 2, 2), shared.batch(requests / 2, 2)];
    wall(&[Arc::clone(&shared), shared], batches);
}

fn row<S: Shared>(make: impl Fn() -> Arc<S>) -> Row {
    let one = make();
    let together = subject("two threads", &[Arc::clone(&one), one]);
    let apart = subject("two threads that share nothing", &[make(), make()]);
    Row::new(vec![together, subject("one thread", &[make()]), apart]).on_threads(2)
}

/// A verifier and a replay table that several threads can share.
trait Shared: Send + Sync + 'static {
    type Batch: Send;

    /// Prepares the verifier and the table for the next round.
    fn start_round(&self);

    /// Returns the signed requests of one thread.
    fn batch(&self, requests: usize, threads: usize) -> Self::Batch;

    /// Calls `clock`, verifies the requests, and calls `clock` again.
    fn verify(&self, batch: Self::Batch, clock: &mut dyn FnMut());
}

struct Core {
    ring: KeyRing,
    policy: Policy,
    table: HeapTable,
    signed: Mutex<(Nonces, u64)>,
}

impl Core {
    fn new() -> Self {
        let table = HeapTable::new(SLOTS, [7; 16], 0);
        let signed = Mutex::new((Nonces(3), START_MS));
        Self { ring: ring(), policy: policy(Scheme::Client), table, signed }
    }
}

impl Shared for Core {
    type Batch = Vec<Sent>;

    fn start_round(&self) {
        self.signed.lock().unwrap().1 += LIVE * STEP_MS;
    }

    fn batch(&self, requests: usize, threads: usize) -> Vec<Sent> {
        let mut signed = self.signed.lock().unwrap();
        let (nonces, now_ms) = &mut *signed;
        let sign = |at: usize| {
            let at_ms = *now_ms + (at * threads) as u64 * STEP_MS;
            Sent::sign(&self.ring, Scheme::Client, &nonces.next(), b"", at_ms)
        };
        (0..requests).map(sign).collect()
    }

    fn verify(&self, batch: Vec<Sent>, clock: &mut dyn FnMut()) {
        let heads: Vec<_> = batch.iter().map(|sent| (sent.now_ms, sent.headers())).collect();
        let verifier = Verifier { policy: &self.policy, keys: &self.ring };
        clock();
        for (now_ms, headers) in &heads {
            black_box(verifier.verify(&request(headers), b"", Some(&self.table), *now_ms)).unwrap();
        }
        clock();
    }
}

/// A tower layer. The layer uses the system clock, so its nonces do not expire during a run. Therefore, each
/// round uses a new table.
struct Tower {
    keys: sealwire::KeyRing,
    requests: usize,
    service: Mutex<Verify<Application>>,
}

impl Tower {
    fn new(requests: usize) -> Self {
        let keys = keys();
        let service = Mutex::new(guarded(&keys, requests));
        Self { keys, requests, service }
    }
}

impl Shared for Tower {
    type Batch = Vec<HttpRequest<String>>;

    fn start_round(&self) {
        *self.service.lock().unwrap() = guarded(&self.keys, self.requests);
    }

    fn batch(&self, requests: usize, _: usize) -> Self::Batch {
        signed_requests(&self.keys, requests)
    }

    fn verify(&self, batch: Self::Batch, clock: &mut dyn FnMut()) {
        let mut service = self.service.lock().unwrap().clone();
        clock();
        for request in batch {
            assert_eq!(finished(service.call(request)).unwrap().status(), http::StatusCode::OK);
        }
        clock();
    }
}

/// Creates a [`Subject`] that runs one thread for each element of `shared`. A round returns the wall time per
/// request in nanoseconds.
fn subject<S: Shared>(name: &'static str, shared: &[Arc<S>]) -> Subject {
    let (shared, threads) = (shared.to_vec(), shared.len());
    let mut round = move || {
        for (at, one) in shared.iter().enumerate() {
            if at == 0 || !Arc::ptr_eq(one, &shared[0]) {
                one.start_round();
            }
        }
        let batches = shared.iter().map(|one| one.batch(BATCH / threads, threads)).collect::<Vec<_>>();
        wall(&shared, batches)
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

fn wall<S: Shared>(shared: &[Arc<S>], batches: impl IntoIterator<Item = S::Batch>) -> Took {
    let barrier = Barrier::new(shared.len());
    let spans: Vec<_> = std::thread::scope(|scope| {
        let work = shared.iter().zip(batches);
        let spawned: Vec<_> =
            work.map(|(shared, batch)| scope.spawn(|| verify_all(&**shared, batch, &barrier))).collect();
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

fn verify_all<S: Shared>(shared: &S, batch: S::Batch, barrier: &Barrier) -> Span {
    let mut readings = Vec::with_capacity(2);
    shared.verify(batch, &mut || {
        if readings.is_empty() {
            barrier.wait();
        }
        readings.push((Instant::now(), interruptions()));
    });
    let [(start, before), (end, after)] = readings[..] else { panic!("the clock is read twice") };
    Span { start, end, interruptions: after - before }
}

/// Returns the number of involuntary context switches of this thread.
fn interruptions() -> i64 {
    getrusage(UsageWho::RUSAGE_THREAD).map_or(0, |usage| usage.involuntary_context_switches())
}
