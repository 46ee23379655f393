//! Measures the longest time that the table needs to record one nonce, in nanoseconds of processor time. This is the longest delay that the
//! replay table can cause.

use std::collections::HashMap;

use crate::harness::{Row, Settings, Started, Subject};
use crate::replay::{ClaimOf, sealwire};
use crate::samples::Nonces;

/// The number of claims in a round.
const CLAIMS: usize = 1_000_000;
const ROUNDS: usize = 4;
/// The number of claims between two sweeps of the map, which is about one sweep per second at the measured
/// rate.
const SWEEP_EVERY: u64 = 10_000;

pub fn claim(settings: &Settings) -> Row {
    let claims = CLAIMS.min(settings.live);
    Row::new(vec![
        longest("sealwire", settings.live, claims, sealwire(settings.live)),
        longest("HashMap with sweep", settings.live, claims, swept_map(settings.live)),
    ])
    .at_most(ROUNDS)
}

fn longest(name: &'static str, live: usize, claims: usize, mut claim: ClaimOf) -> Subject {
    let (mut nonces, mut count) = (Nonces(4), 0);
    let mut slowest_of = move |claims: usize| {
        let mut slowest = 0.0_f64;
        for _ in 0..claims {
            let nonce = nonces.next();
            let start = Started::now();
            assert!(claim(&nonce, count), "a new nonce was rejected");
            slowest = slowest.max(start.nanoseconds());
            count += 1;
        }
        slowest
    };
    slowest_of(live);
    Subject::rounds(name, move || slowest_of(claims))
}

/// Returns the claim function of a typical hand-written store: a map from each nonce to its expiry time, with
/// a periodic sweep that removes expired nonces.
fn swept_map(live: usize) -> ClaimOf {
    let mut map = HashMap::<String, u64>::with_capacity(live * 2);
    Box::new(move |nonce, count| {
        if count % SWEEP_EVERY == 0 {
            map.retain(|_, expires| *expires > count);
        }
        map.insert(nonce.into(), count + live as u64).is_none()
    })
}
