//! Measures claims of nonces in stores with a constant number of live nonces.

use lru::LruCache;
use moka::policy::EvictionPolicy;
use moka::sync::Cache;
use sealwire_core::replay::{Nonce, Outcome, ReplayStore};
use sealwire_host::ProcessTable;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::time::Duration;

use crate::harness::{Row, Settings, Started, Subject};
use crate::samples::{CLIENT, Nonces, START_MS};

const WINDOW_S: u64 = 300;
/// The number of nonces that are generated before the clock starts. The number is small, so the nonces are in
/// the processor cache, like the nonce of a request that was just parsed. The number is also large enough to
/// make the time of reading the clock negligible.
const BATCH: usize = 500;
const BATCHES: usize = 8;

pub fn claims_100k(_: &Settings) -> Row {
    claims(100_000)
}

pub fn claims_large(settings: &Settings) -> Row {
    claims(settings.live)
}

fn claims(live: usize) -> Row {
    Row::new(vec![
        measured("sealwire", live, sealwire(live)),
        measured("moka", live, moka(live)),
        measured("lru crate", live, lru(live)),
    ])
}

/// A function that claims a nonce and returns `true` if the nonce is new. The second argument is the claim
/// number, which determines the current time.
pub type ClaimOf = Box<dyn FnMut(&str, u64) -> bool>;

fn measured(name: &'static str, live: usize, mut claim: ClaimOf) -> Subject {
    let (mut nonces, mut count) = (Nonces(2), 0);
    let mut batch = move || {
        let fresh: Vec<String> = (0..BATCH).map(|_| nonces.next()).collect();
        let start = Started::now();
        for nonce in &fresh {
            assert!(claim(nonce, count), "a new nonce was rejected");
            count += 1;
        }
        start.nanoseconds()
    };
    for _ in 0..live.div_ceil(BATCH) {
        batch();
    }
    Subject::rounds(name, move || (0..BATCHES).map(|_| batch()).sum::<f64>() / (BATCH * BATCHES) as f64)
}

/// Returns a function that looks up a nonce and then claims it, as a verification does. The clock advances
/// slowly enough that `live` claims are in one time window.
pub fn sealwire(live: usize) -> ClaimOf {
    let table = ProcessTable::new(live * 2, [7; 16], 0).unwrap();
    Box::new(move |nonce, count| {
        let now_s = START_MS / 1000 + count * WINDOW_S / live as u64;
        let entry = table.locate(Nonce { sender: CLIENT, nonce: nonce.as_bytes() });
        table.claim(&entry, now_s + WINDOW_S, now_s) == Outcome::First
    })
}

/// Returns a function that claims a nonce in a moka cache. The function inserts an entry only once, in the
/// way that the documentation of moka recommends. If there are more than `live` entries, the cache evicts the
/// least recently used one. This keyed hasher is faster than the default hasher of the cache.
pub fn moka(live: usize) -> ClaimOf {
    let cache: Cache<String, (), ahash::RandomState> = Cache::builder()
        .max_capacity(live as u64)
        .eviction_policy(EvictionPolicy::lru())
        .time_to_live(Duration::from_secs(WINDOW_S))
        .build_with_hasher(ahash::RandomState::new());
    Box::new(move |nonce, _| cache.entry_by_ref(nonce).or_insert(()).is_fresh())
}

/// Returns a function that claims a nonce in a cache from the `lru` crate. The cache is behind a mutex,
/// because the threads of a server share it. The values of the cache are the expiry times.
pub fn lru(live: usize) -> ClaimOf {
    let cache = Mutex::new(LruCache::<String, u64>::new(NonZeroUsize::new(live).unwrap()));
    Box::new(move |nonce, count| {
        let mut cache = cache.lock().unwrap();
        let fresh = cache.peek(nonce).is_none_or(|expires| *expires <= count);
        if fresh {
            cache.put(nonce.into(), count + WINDOW_S * 1000);
        }
        fresh
    })
}
