//! A verifier with counters and histograms for a metrics endpoint. It counts accepted and rejected requests
//! by sender, and measures their age and the duration of their verification.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Weak};
use std::time::Instant;

use arc_swap::ArcSwap;
use sealwire_core::keys::KeyRing;
use sealwire_core::{Counter, Identity, Mode, Reason, Rejection, canonical_name};
use sealwire_host::Verifier;

const US: u64 = 1_000;
const MS: u64 = 1_000 * US;
/// The upper bounds of the latency buckets, in nanoseconds, which are the same as in Python and Node.js.
pub(crate) const LATENCY_NS: [u64; 13] = [
    US,
    2 * US + US / 2,
    5 * US,
    10 * US,
    25 * US,
    50 * US,
    100 * US,
    250 * US,
    MS,
    5 * MS,
    25 * MS,
    100 * MS,
    500 * MS,
];
const SECOND_MS: u64 = 1_000;
/// The upper bounds of the age buckets, in milliseconds. They are the same as in Python and Node.js.
pub(crate) const AGE_MS: [u64; 10] = [
    100,
    500,
    SECOND_MS,
    2 * SECOND_MS,
    5 * SECOND_MS,
    10 * SECOND_MS,
    30 * SECOND_MS,
    60 * SECOND_MS,
    120 * SECOND_MS,
    240 * SECOND_MS,
];

/// The sender label for requests whose sender has no key.
const UNKNOWN: &str = "unknown";

/// A verifier with its counters.
#[derive(Debug)]
pub(crate) struct CountingVerifier {
    verifier: Verifier,
    /// The time at which counting started, in Unix seconds.
    pub(crate) since_s: u64,
    pub(crate) latency: Histogram<13>,
    pub(crate) age: Histogram<10>,
    senders: ArcSwap<Senders>,
}

/// The counters of each sender that has a key. A peer cannot add an entry, because unknown senders share the
/// entry `unknown`.
#[derive(Debug)]
struct Senders {
    /// The key ring that contains these senders. Comparing it with the current key ring shows whether the
    /// ring was replaced. The reference is weak, because a strong one would delay the wiping of replaced
    /// keys.
    ring: Weak<KeyRing>,
    counts: BTreeMap<String, Arc<SenderCounts>>,
}

/// The counts of accepted, rejected and observed requests of one sender.
#[derive(Debug, Default)]
pub(crate) struct SenderCounts {
    pub(crate) accepted: Verdicts<1>,
    pub(crate) rejected: Verdicts<{ Reason::ALL.len() }>,
    pub(crate) observed: Verdicts<{ Reason::ALL.len() }>,
}

/// The counts of one verdict, with one counter per reason.
#[derive(Debug)]
pub(crate) struct Verdicts<const N: usize> {
    counts: [AtomicU64; N],
    /// The time of the last request with this verdict, in Unix seconds. The value is 0 if there was no such
    /// request.
    last_s: AtomicU64,
}

impl CountingVerifier {
    pub(crate) fn new(verifier: Verifier) -> Self {
        let senders = Senders::of(&verifier.ring().load(), &BTreeMap::new());
        Self {
            verifier,
            since_s: sealwire_host::now_s(),
            latency: Histogram::new(),
            age: Histogram::new(),
            senders: ArcSwap::from_pointee(senders),
        }
    }

    /// Counts the result of a verification and returns the result.
    pub(crate) fn decided<'i>(
        &self,
        verdict: Result<Identity<'i>, Rejection>,
        started: Instant,
        now_ms: u64,
    ) -> Result<Identity<'i>, Rejection> {
        match &verdict {
            Ok(identity) => self.accepted(identity, started, now_ms),
            Err(rejected) => self.rejected(rejected, started, now_ms),
        }
        verdict
    }

    fn accepted(&self, identity: &Identity<'_>, started: Instant, now_ms: u64) {
        self.latency.count(elapsed_ns(started), &LATENCY_NS);
        self.age.count(identity.age_ms.unsigned_abs(), &AGE_MS);
        self.count(identity.sender, |counts| counts.accepted.count(0, now_ms / 1000));
    }

    pub(crate) fn rejected(&self, rejected: &Rejection, started: Instant, now_ms: u64) {
        self.latency.count(elapsed_ns(started), &LATENCY_NS);
        let place = Reason::ALL.iter().position(|held| *held == rejected.reason).unwrap_or_default();
        self.count(rejected.sender.as_str(), |counts| match rejected.mode {
            Mode::Enforce => counts.rejected.count(place, now_ms / 1000),
            Mode::Observe => counts.observed.count(place, now_ms / 1000),
            Mode::Off => {}
        });
    }

    /// Returns the senders and their counts, sorted by name.
    pub(crate) fn senders(&self) -> Vec<(String, Arc<SenderCounts>)> {
        self.learn();
        self.senders.load().counts.iter().map(|(name, counts)| (name.clone(), counts.clone())).collect()
    }

    fn count(&self, sender: &str, count: impl FnOnce(&SenderCounts)) {
        let sender = canonical_name(sender);
        if !self.senders.load().counts.contains_key(sender) {
            self.learn();
        }
        let senders = self.senders.load();
        if let Some(counts) = senders.counts.get(sender).or_else(|| senders.counts.get(UNKNOWN)) {
            count(counts);
        }
    }

    /// Adds counters for the senders of the current key ring. If the key ring was not replaced, this costs
    /// only a pointer comparison.
    fn learn(&self) {
        let ring = self.verifier.ring().load();
        self.senders.rcu(|held| {
            if held.is_of(&ring) { held.clone() } else { Arc::new(Senders::of(&ring, &held.counts)) }
        });
    }
}

impl Deref for CountingVerifier {
    type Target = Verifier;

    fn deref(&self) -> &Verifier {
        &self.verifier
    }
}

impl Senders {
    fn of(ring: &Arc<KeyRing>, before: &BTreeMap<String, Arc<SenderCounts>>) -> Self {
        let mut counts = before.clone();
        counts.entry(UNKNOWN.to_owned()).or_default();
        for status in ring.status() {
            for name in status.name.split('/') {
                counts.entry(canonical_name(name).to_owned()).or_default();
            }
        }
        Self { ring: Arc::downgrade(ring), counts }
    }

    fn is_of(&self, ring: &Arc<KeyRing>) -> bool {
        core::ptr::eq(self.ring.as_ptr(), Arc::as_ptr(ring))
    }
}

fn elapsed_ns(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX)
}

impl<const N: usize> Default for Verdicts<N> {
    fn default() -> Self {
        Self { counts: [const { AtomicU64::new(0) }; N], last_s: AtomicU64::new(0) }
    }
}

impl<const N: usize> Verdicts<N> {
    fn count(&self, place: usize, now_s: u64) {
        if let Some(count) = self.counts.get(place) {
            count.fetch_add(1, Relaxed);
        }
        self.last_s.fetch_max(now_s, Relaxed);
    }

    pub(crate) fn get(&self, place: usize) -> u64 {
        self.counts.get(place).map_or(0, |count| count.load(Relaxed))
    }

    pub(crate) fn last_s(&self) -> u64 {
        self.last_s.load(Relaxed)
    }
}

/// A histogram with cumulative buckets.
#[derive(Debug)]
pub(crate) struct Histogram<const N: usize> {
    buckets: [Counter; N],
    beyond: Counter,
    sum: Counter,
}

impl<const N: usize> Histogram<N> {
    fn new() -> Self {
        Self {
            buckets: core::array::from_fn(|_| Counter::default()),
            beyond: Counter::default(),
            sum: Counter::default(),
        }
    }

    fn count(&self, value: u64, bounds: &[u64; N]) {
        let place = bounds.iter().position(|bound| value <= *bound);
        place.and_then(|place| self.buckets.get(place)).unwrap_or(&self.beyond).count();
        self.sum.add(usize::try_from(value).unwrap_or(usize::MAX));
    }

    /// Returns the cumulative counts of the buckets, the number of observations, and the sum of all
    /// observations.
    pub(crate) fn read(&self) -> ([usize; N], usize, usize) {
        let mut total = 0;
        let cumulative = core::array::from_fn(|at| {
            total += self.buckets.get(at).map_or(0, Counter::total);
            total
        });
        (cumulative, total + self.beyond.total(), self.sum.total())
    }
}
