//! The longest single claim, in nanoseconds: what one unlucky request waits for the table.

use nix::sys::resource::{UsageWho, getrusage};
use std::collections::HashMap;
use std::time::Instant;

use crate::harness::{Row, Settings, Subject};
use crate::replay::{ClaimOf, sealwire};
use crate::samples::Nonces;

/// Rounds of a million claims, ten of them as the goal asks.
const CLAIMS: usize = 1_000_000;
const ROUNDS: usize = 10;
/// Claims between two sweeps of the map: about once a second at this rate.
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
            let switches = preemptions();
            let start = Instant::now();
            assert!(claim(&nonce, count), "a fresh nonce was refused");
            let took = start.elapsed().as_secs_f64() * 1e9;
            count += 1;
            // A claim during which the scheduler ran somebody else says nothing about the table.
            if took > slowest && preemptions() == switches {
                slowest = took;
            }
        }
        slowest
    };
    slowest_of(live);
    Subject::rounds(name, move || slowest_of(claims))
}

/// How often this thread was interrupted against its will. What a hypervisor takes away is not seen here.
fn preemptions() -> i64 {
    getrusage(UsageWho::RUSAGE_THREAD).map_or(0, |usage| usage.involuntary_context_switches())
}

/// What services write by hand: the expiry of each nonce, and a sweep now and then.
fn swept_map(live: usize) -> ClaimOf {
    let mut map = HashMap::<String, u64>::with_capacity(live * 2);
    Box::new(move |nonce, count| {
        if count % SWEEP_EVERY == 0 {
            map.retain(|_, expires| *expires > count);
        }
        map.insert(nonce.into(), count + live as u64).is_none()
    })
}
