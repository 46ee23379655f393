//! Measures signing and verification with the two older schemes, and compares them with the lower bound for
//! hashing and with common crates.

use hmac::{Hmac, KeyInit, Mac as _};
use sealwire_core::keys::KeyRing;
use sealwire_core::replay::HeapTable;
use sealwire_core::{Header, Scheme, Verifier};
use std::hint::black_box;

use crate::floor;
use crate::harness::{Row, Settings, Started, Subject};
use crate::samples::{
    CLIENT, METHOD, Nonces, RECEIVER, SECRET, SENDER, START_MS, Sent, TARGET, client_ring, policy, request,
    ring, signer, signing,
};

/// The size in bytes of the signing input `billing-service:1712419200000:POST:/auth/user/refresh-session:`
/// followed by a UUID.
const CLIENT_BASE: usize = 98;
/// The number of live nonces during verification.
pub const LIVE: u64 = 5_000;
/// The number of slots of the replay table, which is eight times the number of live nonces. With two senders,
/// each may use at most half of the table, and its counters include the `client` claims of up to 600 s.
pub const SLOTS: usize = 40_000;
/// The time between two requests in milliseconds, which spreads `LIVE` requests evenly over a window of
/// 300 s.
pub const STEP_MS: u64 = 300_000 / LIVE;
const NONCE: &str = "550e8400-e29b-41d4-a716-446655440000";
const BODY: &[u8] = br#"{"query": "{ practices { id } }"}"#;
/// The number of requests that are measured at once. It is large enough to make the time of reading the clock
/// negligible.
const BATCH: usize = 500;
const BATCHES: usize = 4;

pub fn sign(_: &Settings) -> Row {
    Row::new(vec![sign_subject(Scheme::Client, b""), floor::subject(CLIENT_BASE), hmac_crate(), ring_crate()])
}

pub fn sign_pairwise(_: &Settings) -> Row {
    let base = format!("{}.{SENDER}.{RECEIVER}.POST./auth/user/refresh-session.", START_MS / 1000).len();
    Row::new(vec![sign_subject(Scheme::Pairwise, BODY), floor::subject(base + BODY.len())])
}

/// Measures verification with the keys of a single client. The share of the client is not limited, because
/// there are no other senders.
pub fn verify(_: &Settings) -> Row {
    let subject = verify_subject_with(client_ring(), LIVE as usize * 2, Scheme::Client, b"");
    Row::new(vec![subject, floor::subject(CLIENT_BASE)])
}

pub fn verify_two_senders(_: &Settings) -> Row {
    Row::new(vec![verify_subject(Scheme::Client, b""), floor::subject(CLIENT_BASE)])
}

pub fn verify_pairwise(_: &Settings) -> Row {
    let base = format!("{}.{SENDER}.{RECEIVER}.POST./auth/user/refresh-session.", START_MS / 1000).len();
    Row::new(vec![verify_subject(Scheme::Pairwise, BODY), floor::subject(base + BODY.len())])
}

/// Measures complete signing, which includes the grammar checks, the key lookup, the timestamp, the MAC, the
/// hex encoding and the headers.
pub fn sign_subject(scheme: Scheme, body: &'static [u8]) -> Subject {
    let ring = ring();
    let mut now_ms = START_MS;
    Subject::calls("sealwire", 2000, move || {
        now_ms += 1;
        let signed = signer(&ring, scheme).sign(
            black_box(&request(&[])),
            black_box(&signing(NONCE, body, now_ms)),
            |name, value| {
                black_box((name, value));
            },
        );
        signed.unwrap();
    })
}

/// Measures the complete verification of different requests, including the claim. The replay table contains
/// 5,000 live nonces.
pub fn verify_subject(scheme: Scheme, body: &'static [u8]) -> Subject {
    verify_subject_with(ring(), SLOTS, scheme, body)
}

fn verify_subject_with(ring: KeyRing, slots: usize, scheme: Scheme, body: &'static [u8]) -> Subject {
    let policy = policy(scheme);
    let table = HeapTable::new(slots, [7; 16], 0);
    let (mut nonces, mut now_ms) = (Nonces(1), START_MS);
    let mut batch = move || {
        let sent: Vec<Sent> = (0..BATCH)
            .map(|_| {
                now_ms += STEP_MS;
                Sent::sign(&ring, scheme, &nonces.next(), body, now_ms)
            })
            .collect();
        let heads: Vec<(u64, Vec<Header<'_>>)> =
            sent.iter().map(|sent| (sent.now_ms, sent.headers())).collect();
        let verifier = Verifier { policy: &policy, keys: &ring };
        let start = Started::now();
        for (now_ms, headers) in &heads {
            black_box(verifier.verify(&request(headers), body, Some(&table), *now_ms)).unwrap();
        }
        start.nanoseconds()
    };
    for _ in 0..LIVE as usize / BATCH {
        batch();
    }
    Subject::rounds("sealwire", move || (0..BATCHES).map(|_| batch()).sum::<f64>() / (BATCH * BATCHES) as f64)
}

/// Measures a typical hand-written implementation. The implementation writes the signing input with
/// `format!`, clones an `Hmac`, and encodes the MAC with `base16ct`.
fn hmac_crate() -> Subject {
    let key = Hmac::<sha2::Sha256>::new_from_slice(SECRET).unwrap();
    let mut now_ms = START_MS;
    Subject::calls("hmac crate", 2000, move || {
        now_ms += 1;
        let mut mac = key.clone();
        mac.update(base(now_ms).as_bytes());
        black_box(base16ct::lower::encode_string(&mac.finalize().into_bytes()));
    })
}

fn ring_crate() -> Subject {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, SECRET);
    let mut now_ms = START_MS;
    Subject::calls("ring", 2000, move || {
        now_ms += 1;
        black_box(base16ct::lower::encode_string(ring::hmac::sign(&key, base(now_ms).as_bytes()).as_ref()));
    })
}

fn base(now_ms: u64) -> String {
    let text = |bytes| std::str::from_utf8(bytes).unwrap();
    format!("{CLIENT}:{now_ms}:{}:{}:{NONCE}", text(METHOD), text(TARGET))
}
