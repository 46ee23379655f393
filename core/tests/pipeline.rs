//! The pipeline over the design's worked examples and the attacks it must stop.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::replay::HeapTable;
use sealwire_core::{
    Coverage, Header, Pending, Policy, Reason, Rejection, Request, Scheme, Signer, Signing, Text, Verifier,
};

const NOW_MS: u64 = 1_712_419_200_000;
const NONCE: &str = "550e8400-e29b-41d4-a716-446655440000";

fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::AllowWeak);
    let pair = Version { number: 1, secret: b"test-secret-32-bytes-long-for-testing" };
    let client = Version { number: 1, secret: b"my-shared-secret" };
    builder.add(KeyName::Pair("agent", "practices"), &[pair], 1).unwrap();
    builder.add(KeyName::Client("billing-service"), &[client], 1).unwrap();
    builder.build()
}

fn policy(scheme: Scheme) -> Policy {
    Policy { schemes: [Some(scheme), None, None], ..Policy::new(Text::new("practices").unwrap()) }
}

type Signed = Vec<(String, String)>;

fn sign(scheme: Scheme, name: &str, method: &str, target: &str, body: &str) -> Signed {
    let ring = ring();
    let signer =
        Signer { name, keys: &ring, schemes: [Some(scheme), None, None], coverage: Coverage::default() };
    let signing =
        Signing { receiver: "practices", body: body.as_bytes(), user_id: None, nonce: NONCE, now_ms: NOW_MS };
    let mut headers = Signed::new();
    signer
        .sign(&request(method, target, &[]), &signing, |name, value| {
            headers.push((name.into(), value.into()))
        })
        .unwrap();
    headers
}

fn request<'a>(method: &'a str, target: &'a str, headers: &'a [Header<'a>]) -> Request<'a> {
    let (method, target) = (method.as_bytes(), target.as_bytes());
    Request { method, target, authority: b"iam.internal", scheme: b"http", headers }
}

fn lines(headers: &Signed) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}

fn verify(
    scheme: Scheme,
    method: &str,
    target: &str,
    headers: &Signed,
    body: &str,
) -> Result<String, Rejection> {
    let (policy, ring) = (policy(scheme), ring());
    let lines = lines(headers);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let table = table();
    let verified = verifier.verify(&request(method, target, &lines), body.as_bytes(), Some(&table), NOW_MS);
    verified.map(|identity| identity.sender.to_owned())
}

fn table() -> HeapTable {
    HeapTable::new(1024, [7; 16], 0)
}

fn value(headers: &Signed, name: &str) -> String {
    headers.iter().find(|(held, _)| held == name).unwrap().1.clone()
}

#[test]
fn the_worked_examples_are_signed_byte_for_byte_and_accepted() {
    let cases = [
        (
            "POST",
            "/auth/user/refresh-session",
            "f3d7fce524f0c3c7a3096823d886bb9dbed9f900499932a981364363b0c778d7",
        ),
        ("GET", "/api/users?page=2", "e298910c297706756c83c694388642d3697acd90399f2c810080b319edf8dc50"),
    ];
    for (method, target, expected) in cases {
        let headers = sign(Scheme::Client, "billing-service", method, target, "");
        assert_eq!(value(&headers, "X-Signature"), expected);
        assert_eq!(verify(Scheme::Client, method, target, &headers, "").unwrap(), "billing-service");
    }
    let body = r#"{"query": "..."}"#;
    let headers = sign(Scheme::Pairwise, "agent", "POST", "/graphql", body);
    let expected = "91128d3e3015dc3e83a760c8bd54cd037da9f204ac5033caa43c5c1f91760971";
    assert_eq!(value(&headers, "X-Service-Signature"), expected);
    assert_eq!(verify(Scheme::Pairwise, "POST", "/graphql", &headers, body).unwrap(), "agent");
    let rejected = verify(Scheme::Pairwise, "POST", "/graphql", &headers, "{}").unwrap_err();
    assert_eq!(rejected.reason, Reason::SignatureMismatch);
}

#[test]
fn a_second_use_of_a_request_id_is_a_replay() {
    let (policy, ring, table) = (policy(Scheme::Client), ring(), table());
    let headers = sign(Scheme::Client, "billing-service", "GET", "/", "");
    let lines = lines(&headers);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let request = request("GET", "/", &lines);
    assert!(verifier.verify(&request, b"", Some(&table), NOW_MS).is_ok());
    let rejected = verifier.verify(&request, b"", Some(&table), NOW_MS).unwrap_err();
    assert_eq!((rejected.reason, rejected.public_text()), (Reason::Replayed, "Replay detected"));
}

#[test]
fn a_shifted_separator_forges_nothing() {
    // The same signed bytes as `GET /pay` under the id `x:<id>`, were an id allowed to hold the separator.
    let mut headers = sign(Scheme::Client, "billing-service", "GET", "/pay:x", "");
    headers.iter_mut().filter(|(name, _)| name == "X-Request-ID").for_each(|(_, id)| id.insert_str(0, "x:"));
    let rejected = verify(Scheme::Client, "GET", "/pay", &headers, "").unwrap_err();
    assert_eq!((rejected.reason, rejected.field), (Reason::MalformedHeader, Some("X-Request-ID")));
}

#[test]
fn a_body_may_follow_in_pieces() {
    let (policy, ring, table) = (policy(Scheme::Pairwise), ring(), table());
    let headers = sign(Scheme::Pairwise, "agent", "POST", "/graphql", "in three pieces");
    let lines = lines(&headers);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let mut pending = verifier.begin(&request("POST", "/graphql", &lines), Some(&table), NOW_MS).unwrap();
    ["in ", "three", " pieces"].iter().for_each(|piece| pending.update(piece.as_bytes()).unwrap());
    let proven = pending.finish().unwrap();
    assert_eq!(verifier.claim(&proven, &table, NOW_MS).unwrap().sender, "agent");
}

#[test]
fn an_empty_piece_is_no_body_and_any_other_is_one_that_was_not_signed() {
    let (policy, ring) = (policy(Scheme::Message), ring());
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
fn a_place_serves_one_verification_after_another() {
    let (policy, ring) = (policy(Scheme::Pairwise), ring());
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
fn where_nothing_was_begun_nothing_is_proven() {
    let (policy, ring) = (policy(Scheme::Client), ring());
    let headers = sign(Scheme::Client, "billing-service", "GET", "/", "");
    let (one, none) = (lines(&headers), []);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let mut place = Pending::idle();
    assert!(place.finish_in_place().is_err());
    verifier.begin_into(&mut place, &request("GET", "/", &one), None, NOW_MS).unwrap();
    place.finish_in_place().unwrap();
    assert!(place.finish_in_place().is_err(), "it was over");
    verifier.begin_into(&mut place, &request("GET", "/", &one), None, NOW_MS).unwrap();
    verifier.begin_into(&mut place, &request("GET", "/", &none), None, NOW_MS).unwrap_err();
    assert!(place.finish_in_place().is_err(), "the next one took its place, and was refused");
}

#[test]
fn a_user_is_named_once_however_many_schemes_sign() {
    let ring = ring();
    for schemes in [[Scheme::Message, Scheme::Pairwise], [Scheme::Pairwise, Scheme::Message]] {
        let schemes = [Some(schemes[0]), Some(schemes[1]), None];
        let signer = Signer { name: "agent", keys: &ring, schemes, coverage: Coverage::default() };
        let signing =
            Signing { receiver: "practices", body: b"", user_id: Some("u-1"), nonce: NONCE, now_ms: NOW_MS };
        let mut users = 0;
        let count = |name: &'static str, _: &str| users += usize::from(name == "X-User-ID");
        signer.sign(&request("GET", "/", &[]), &signing, count).unwrap();
        assert_eq!(users, 1, "{schemes:?}");
    }
}
