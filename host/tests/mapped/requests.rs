//! Tests with a signed request that is sent repeatedly to several workers.

use crate::child::{Task, passed, spawn};
use crate::{in_new_directory, open};
use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::{Header, Reason, Request, Scheme, Signing};
use sealwire_host::mapped::MappedTable;
use sealwire_host::{SharedRing, Signer, Verifier, VerifierConfig, now_ms};
use std::sync::Arc;

const BODY: &[u8] = br#"{"query": "{ me }"}"#;

#[test]
fn one_of_a_hundred_thousand_identical_requests_to_four_workers_is_accepted() {
    let (_directory, path) = in_new_directory();
    drop(open(&path)); // creates the table now, because it rejects requests that were signed earlier
    let signed_ms = now_ms();
    let workers: Vec<_> = (0..4).map(|_| spawn(&Task::Replay(signed_ms), &path)).collect();
    let passed: Vec<_> = workers.into_iter().flat_map(passed).collect();
    assert_eq!(passed, [signed_ms]);
}

/// Verifies the same request repeatedly in four threads. Returns how often the request was accepted.
pub(crate) fn replay(table: MappedTable, signed_ms: u64, times: usize) -> usize {
    let ring = SharedRing::new(ring());
    let config = VerifierConfig { service: "practices".into(), ..VerifierConfig::default() };
    let verifier = Verifier::new(config.into_policy().unwrap(), ring.clone(), Some(Arc::new(table)));
    let headers = sign(ring, signed_ms);
    let headers: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
    let send = || match verifier.verify(&request(&headers), BODY, now_ms()) {
        Ok(_) => 1,
        Err(rejected) => {
            assert_eq!(rejected.reason, Reason::Replayed);
            0
        }
    };
    std::thread::scope(|scope| {
        let send = &send;
        let threads: Vec<_> =
            (0..4).map(|_| scope.spawn(|| (0..times / 4).map(|_| send()).sum::<usize>())).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    })
}

fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let versions = [Version { number: 1, secret: b"a secret of at least 32 bytes, for tests" }];
    builder.add(KeyName::Pair("agent", "practices"), &versions, 1).unwrap();
    builder.build()
}

fn sign(ring: Arc<SharedRing>, now_ms: u64) -> Vec<(&'static str, String)> {
    let signer = Signer {
        name: "agent".into(),
        ring,
        schemes: [Some(Scheme::Message), None, None],
        cover_authority: true,
        cover_fields: Vec::new(),
    };
    let signing =
        Signing { receiver: "practices", body: BODY, nonce: "nonce-1", now_ms, ..Signing::default() };
    let mut headers = Vec::new();
    signer.sign(&request(&[]), &signing, |name, value| headers.push((name, value.to_owned()))).unwrap();
    headers
}

const fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    Request {
        method: b"POST",
        target: b"/graphql",
        authority: b"practices.internal",
        scheme: b"http",
        headers,
    }
}
