//! Tests of the setting `clock`, which is a function that returns the current Unix time in milliseconds.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use http::Request;
use sealwire::{
    Claim, ConfigError, KeyRing, KeySet, Outcome, Reason, ReplayTable, Scheme, SharedStore, SignError,
    Signer, SignerBuilder, Verifier, VerifierBuilder,
};

const START_MS: u64 = 1_935_360_000_000;

fn keys() -> KeyRing {
    let set = || KeySet::new(1, b"a secret of more than thirty-two bytes");
    KeyRing::builder().pair("agent", "practices", set()).client("billing", set()).build().unwrap()
}

fn verifier(scheme: Scheme) -> VerifierBuilder {
    let replay = ReplayTable::heap().unwrap();
    Verifier::builder("practices", &keys())
        .schemes([scheme])
        .authorities(["any"])
        .claim_pairwise()
        .replay(replay)
}

fn signer(scheme: Scheme) -> SignerBuilder {
    let name = if scheme == Scheme::Client { "billing" } else { "agent" };
    Signer::builder(name, &keys()).schemes([scheme]).receiver("practices")
}

fn request() -> Request<&'static str> {
    Request::get("http://practices.internal/").body("").unwrap()
}

fn rejection(verifier: &Verifier, request: &Request<&'static str>) -> Reason {
    verifier.verify(request).unwrap_err().reason()
}

#[test]
fn signers_and_verifiers_use_the_clock_of_the_application() {
    for scheme in Scheme::ALL {
        let time = Arc::new(AtomicU64::new(START_MS));
        let now = || {
            let time = time.clone();
            move || time.load(SeqCst)
        };
        let signer = signer(scheme).clock(now()).build().unwrap();
        let verifier = verifier(scheme).clock(now()).build().unwrap();
        let [one, other] = [signer.sign(request()).unwrap(), signer.sign(request()).unwrap()];
        assert_eq!(verifier.verify(&one).unwrap().age_ms, 0);
        assert_eq!(rejection(&verifier, &one), Reason::Replayed);
        time.fetch_add(301_000, SeqCst);
        assert_eq!(rejection(&verifier, &other), Reason::StaleTimestamp);
        time.store(0, SeqCst);
        assert_eq!(rejection(&verifier, &other), Reason::FutureTimestamp);
        let early = signer.sign(request()).unwrap();
        assert!(verifier.verify(&early).is_ok(), "signed before the table was created: {scheme:?}");
    }
}

#[test]
fn a_failing_clock_rejects_requests_and_prevents_signing() {
    let wrong: [fn() -> u64; 4] = [|| panic!("no time"), || START_MS / 1000, || START_MS * 1000, || u64::MAX];
    for (scheme, clock) in Scheme::ALL.into_iter().flat_map(|scheme| wrong.map(|clock| (scheme, clock))) {
        let request_now = signer(scheme).build().unwrap().sign(request()).unwrap();
        let verifier = verifier(scheme).clock(clock).build().unwrap();
        let rejection = verifier.verify(&request_now).unwrap_err();
        assert_eq!((rejection.reason(), rejection.age_ms()), (Reason::StaleTimestamp, None));
        let signer = signer(scheme).clock(clock).build().unwrap();
        assert_eq!(signer.sign(request()).unwrap_err(), SignError::Clock);
        assert!(signer.at(START_MS).sign(request()).is_ok(), "a fixed time replaces the clock");
    }
}

#[derive(Debug)]
struct Shared;

impl SharedStore for Shared {
    fn claim<'a>(&'a self, _key: [u8; 32], _expires_s: u64) -> Claim<'a> {
        Box::pin(async { Outcome::First })
    }
}

fn refusal(build: Result<Verifier, ConfigError>) -> String {
    build.unwrap_err().to_string()
}

#[test]
fn a_mapped_file_or_a_shared_store_cannot_be_used_with_a_clock() {
    let directory = tempfile::tempdir().unwrap();
    let mapped = ReplayTable::mapped(directory.path().join("table")).unwrap();
    assert!(!mapped.clear());
    let builder = || Verifier::builder("practices", &keys()).clock(|| START_MS);
    let refused = [
        builder().build(),
        builder().replay(mapped).build(),
        builder().replay(ReplayTable::shared(Shared)).build(),
    ];
    for message in refused.map(refusal) {
        assert!(message.starts_with("clock: ") && message.contains("replay"), "{message}");
    }
    let without_nonces = builder().schemes([Scheme::Pairwise]).build();
    assert!(without_nonces.is_ok());
}
