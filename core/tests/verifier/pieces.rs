//! Tests of requests whose bodies are verified in parts.

use sealwire_core::replay::{Nonce, Outcome, shared_key};
use sealwire_core::{Pending, Reason, Scheme, Signing, Verifier};

use super::{example_ring, request, sign, table};
use crate::common::{self, NOW_MS, SIGNING, lines, policy, ring, signer};

#[test]
fn a_body_can_be_verified_in_parts() {
    let (policy, ring, table) = (policy(Scheme::Pairwise), example_ring(), table());
    let headers = sign(Scheme::Pairwise, "agent", "POST", "/graphql", "in three pieces");
    let lines = lines(&headers);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let mut pending = verifier.begin(&request("POST", "/graphql", &lines), Some(&table), NOW_MS).unwrap();
    ["in ", "three", " pieces"].iter().for_each(|piece| pending.update(piece.as_bytes()).unwrap());
    let proven = pending.finish().unwrap();
    assert_eq!(verifier.claim(&proven, &table, NOW_MS).unwrap().sender, "agent");
}

#[test]
fn only_empty_parts_are_accepted_without_a_signed_digest() {
    let (policy, ring) = (policy(Scheme::Message), example_ring());
    let headers = sign(Scheme::Message, "agent", "GET", "/items", "");
    let lines = lines(&headers);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let mut pending = verifier.begin(&request("GET", "/items", &lines), None, NOW_MS).unwrap();
    pending.update(b"").unwrap();
    let added = pending.update(b"x").unwrap_err();
    assert_eq!(added.reason, Reason::MissingCoverage);
    let mut pending = verifier.begin(&request("GET", "/items", &lines), None, NOW_MS).unwrap();
    pending.update(b"").unwrap();
    assert!(pending.finish().is_ok());
}

#[test]
fn a_pending_value_can_be_reused() {
    let (policy, ring) = (policy(Scheme::Pairwise), example_ring());
    let headers = sign(Scheme::Pairwise, "agent", "POST", "/graphql", "body");
    let lines = lines(&headers);
    let (verifier, request) =
        (Verifier { policy: &policy, keys: &ring }, request("POST", "/graphql", &lines));
    let mut place = Pending::idle();
    for body in ["body", "another", "body"] {
        verifier.begin_into(&mut place, &request, None, NOW_MS).unwrap();
        place.update(body.as_bytes()).unwrap();
        let proven = place.finish_in_place().map_err(|rejected| rejected.reason);
        let expected = if body == "body" { Ok(()) } else { Err(Reason::SignatureMismatch) };
        assert_eq!(proven.map(drop), expected);
    }
}

#[test]
fn finishing_without_a_started_verification_is_an_error() {
    let (policy, ring) = (policy(Scheme::Client), example_ring());
    let headers = sign(Scheme::Client, "billing-service", "GET", "/", "");
    let (one, none) = (lines(&headers), []);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let mut place = Pending::idle();
    assert!(place.finish_in_place().is_err());
    verifier.begin_into(&mut place, &request("GET", "/", &one), None, NOW_MS).unwrap();
    place.finish_in_place().unwrap();
    assert!(place.finish_in_place().is_err(), "the verification was already finished");
    verifier.begin_into(&mut place, &request("GET", "/", &one), None, NOW_MS).unwrap();
    verifier.begin_into(&mut place, &request("GET", "/", &none), None, NOW_MS).unwrap_err();
    assert!(place.finish_in_place().is_err(), "the second verification was rejected");
}

#[test]
fn a_pending_verification_reports_whether_it_requires_the_body() {
    let keys = ring();
    for (scheme, reads_body, nonce) in [
        (Scheme::Client, false, Some("n-1")),
        (Scheme::Message, true, Some("n-1")),
        (Scheme::Pairwise, true, None),
    ] {
        let policy = policy(scheme);
        let verifier = Verifier { policy: &policy, keys: &keys };
        let sent = common::sign(&signer("agent", &keys, scheme), &common::request(&[]), &SIGNING).unwrap();
        let pending = verifier.begin(&common::request(&lines(&sent)), None, NOW_MS).unwrap();
        assert_eq!(pending.reads_body(), reads_body, "{scheme}");
        let proven = pending.finish().unwrap();
        let key = nonce.map(|nonce| shared_key(Nonce { sender: "agent", nonce: nonce.as_bytes() }));
        assert_eq!(proven.shared_key(), key, "{scheme}");
        // The first second in which the request is stale. The nonce must be stored until then.
        let until = proven.expires_s();
        let at =
            |now_s: u64| verifier.verify(&common::request(&lines(&sent)), b"", None, now_s * 1000).is_ok();
        assert!(at(until - 1), "{scheme}: the request is valid while its nonce is stored");
        assert!(!at(until + 1), "{scheme}: the request is stale after its nonce expired");
        assert_eq!(until, NOW_MS / 1000 + 301, "{scheme}");
    }
}

#[test]
fn verifying_a_streamed_request_updates_the_usage_of_the_key() {
    let (policy, keys) = (policy(Scheme::Message), ring());
    let signing = Signing { body: b"{}", ..SIGNING };
    let headers =
        common::sign(&signer("agent", &keys, Scheme::Message), &common::request(&[]), &signing).unwrap();
    let headers = lines(&headers);
    let verifier = Verifier { policy: &policy, keys: &keys };
    let mut pending = verifier.begin(&common::request(&headers), None, NOW_MS).unwrap();
    pending.update(b"{}").unwrap();
    verifier.settle(&pending.finish().unwrap(), Outcome::First, NOW_MS + 2999).unwrap();
    let used = keys.status().find(|status| status.name == "agent/practices").unwrap();
    assert_eq!((used.accepted, used.last_accepted_s), (1, u32::try_from(NOW_MS / 1000 + 2).ok()));
}
