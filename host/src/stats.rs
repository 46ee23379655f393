//! Counters for a verifier's decisions, which are reported as metrics. They are read and updated without
//! locks.

use sealwire_core::{Counter, Mode, Reason, Rejection, Scheme};

/// The counters of a verifier.
#[derive(Debug, Default)]
pub struct Stats {
    accepted: [Counter; Scheme::ALL.len()],
    rejected: [Rejections; Reason::ALL.len()],
}

#[derive(Debug, Default)]
struct Rejections {
    enforced: Counter,
    observed: Counter,
}

/// The values of all counters at one point in time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Snapshot {
    /// The number of accepted requests for each scheme.
    pub accepted: Vec<(Scheme, u64)>,
    /// The number of rejected requests for each reason.
    pub rejected: Vec<(Reason, u64)>,
    /// The number of invalid requests that were accepted because of the mode `observe`, for each reason.
    pub observed: Vec<(Reason, u64)>,
}

impl Stats {
    pub(crate) fn accept(&self, scheme: Scheme) {
        let place = Scheme::ALL.iter().position(|held| *held == scheme);
        if let Some(counter) = place.and_then(|place| self.accepted.get(place)) {
            counter.count();
        }
    }

    pub(crate) fn reject(&self, rejected: &Rejection) {
        let place = Reason::ALL.iter().position(|held| *held == rejected.reason);
        let Some(counter) = place.and_then(|place| self.rejected.get(place)) else { return };
        match rejected.mode {
            Mode::Enforce => counter.enforced.count(),
            Mode::Observe => counter.observed.count(),
            Mode::Off => {}
        }
    }

    /// Returns the current values of all counters. Counters whose value is 0 are included, so that all
    /// metrics exist from the start.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        let read = |count: fn(&Rejections) -> &Counter| {
            Reason::ALL
                .iter()
                .zip(&self.rejected)
                .map(|(reason, held)| (*reason, total(count(held))))
                .collect()
        };
        Snapshot {
            accepted: Scheme::ALL
                .iter()
                .zip(&self.accepted)
                .map(|(scheme, held)| (*scheme, total(held)))
                .collect(),
            rejected: read(|counter| &counter.enforced),
            observed: read(|counter| &counter.observed),
        }
    }
}

fn total(counter: &Counter) -> u64 {
    u64::try_from(counter.total()).unwrap_or(u64::MAX)
}
