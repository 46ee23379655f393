//! Measures the resident memory per live nonce. Each store must run in a separate process, because it could
//! otherwise reuse memory that another store freed.

use crate::replay::{ClaimOf, lru, moka, sealwire};
use crate::samples::Nonces;

const LIVE: u64 = 1_000_000;

pub fn resident_per_nonce(subject: &str) -> f64 {
    let make: fn(usize) -> ClaimOf = match subject {
        "sealwire" => sealwire,
        "moka" => moka,
        "lru" => lru,
        _ => panic!("no subject of this name: {subject}"),
    };
    let mut nonces = Nonces(5);
    let before = resident_bytes();
    let mut claim = make(LIVE as usize);
    for count in 0..LIVE {
        assert!(claim(&nonces.next(), count), "a new nonce was rejected");
    }
    (resident_bytes() - before) as f64 / LIVE as f64
}

fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}
