//! What a verifier has decided, counted for metrics. Reading and counting never lock.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use sealwire_core::{Mode, Rejected, Rejection, Scheme};

/// Counters of one verifier.
#[derive(Debug, Default)]
pub struct Stats {
    accepted: [AtomicU64; Scheme::ALL.len()],
    rejected: [Counter; Rejection::ALL.len()],
}

#[derive(Debug, Default)]
struct Counter {
    enforced: AtomicU64,
    observed: AtomicU64,
}

/// The counters at one moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// Requests accepted, by scheme.
    pub accepted: Vec<(Scheme, u64)>,
    /// Requests turned away, by reason.
    pub rejected: Vec<(Rejection, u64)>,
    /// Requests let through that enforcing would have turned away, by reason.
    pub observed: Vec<(Rejection, u64)>,
}

impl Stats {
    pub(crate) fn accept(&self, scheme: Scheme) {
        let place = Scheme::ALL.iter().position(|held| *held == scheme);
        if let Some(counter) = place.and_then(|place| self.accepted.get(place)) {
            counter.fetch_add(1, Relaxed);
        }
    }

    pub(crate) fn reject(&self, rejected: &Rejected) {
        let place = Rejection::ALL.iter().position(|held| *held == rejected.reason);
        let Some(counter) = place.and_then(|place| self.rejected.get(place)) else { return };
        match rejected.mode {
            Mode::Enforce => counter.enforced.fetch_add(1, Relaxed),
            Mode::Observe => counter.observed.fetch_add(1, Relaxed),
            Mode::Off => 0,
        };
    }

    /// The counters now; those at zero too, so that a metric exists before its first event.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let read = |count: fn(&Counter) -> &AtomicU64| {
            Rejection::ALL
                .iter()
                .zip(&self.rejected)
                .map(|(reason, held)| (*reason, count(held).load(Relaxed)))
                .collect()
        };
        Snapshot {
            accepted: Scheme::ALL
                .iter()
                .zip(&self.accepted)
                .map(|(scheme, held)| (*scheme, held.load(Relaxed)))
                .collect(),
            rejected: read(|counter| &counter.enforced),
            observed: read(|counter| &counter.observed),
        }
    }
}
