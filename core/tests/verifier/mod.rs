//! Tests that the documented examples are accepted and that forged requests are rejected.

mod pieces;
mod rejections;

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::replay::HeapTable;
use sealwire_core::{Authorities, Header, Policy, Reason, Rejection, Request, Scheme, Signing, Verifier};

use crate::common::{self, Headers, NOW_MS, SIGNING, lines, policy, ring, signer, value};

const NONCE: &str = "550e8400-e29b-41d4-a716-446655440000";

/// Returns the keys for the documented examples. Some of them are shorter than the minimum length.
fn example_ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::AllowWeak);
    let pair = Version { number: 1, secret: b"test-secret-32-bytes-long-for-testing" };
    let client = Version { number: 1, secret: b"my-shared-secret" };
    builder.add(KeyName::Pair("agent", "practices"), &[pair], 1).unwrap();
    builder.add(KeyName::Client("billing-service"), &[client], 1).unwrap();
    builder.build()
}

fn request<'a>(method: &'a str, target: &'a str, headers: &'a [Header<'a>]) -> Request<'a> {
    let (method, target) = (method.as_bytes(), target.as_bytes());
    Request { method, target, ..common::request(headers) }
}

/// Signs a request with the keys for the documented examples.
fn sign(scheme: Scheme, name: &str, method: &str, target: &str, body: &str) -> Headers {
    let signing = Signing { body: body.as_bytes(), nonce: NONCE, ..SIGNING };
    common::sign(&signer(name, &example_ring(), scheme), &request(method, target, &[]), &signing).unwrap()
}

fn verify(
    scheme: Scheme,
    method: &str,
    target: &str,
    headers: &Headers,
    body: &str,
) -> Result<String, Rejection> {
    let (policy, ring) = (policy(scheme), example_ring());
    let lines = lines(headers);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let table = table();
    let verified = verifier.verify(&request(method, target, &lines), body.as_bytes(), Some(&table), NOW_MS);
    verified.map(|identity| identity.sender.to_owned())
}

fn table() -> HeapTable {
    HeapTable::new(1024, [7; 16], 0)
}

#[test]
fn the_documented_examples_have_the_documented_signatures() {
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
    let (policy, ring, table) = (policy(Scheme::Client), example_ring(), table());
    let headers = sign(Scheme::Client, "billing-service", "GET", "/", "");
    let lines = lines(&headers);
    let verifier = Verifier { policy: &policy, keys: &ring };
    let request = request("GET", "/", &lines);
    assert!(verifier.verify(&request, b"", Some(&table), NOW_MS).is_ok());
    let rejected = verifier.verify(&request, b"", Some(&table), NOW_MS).unwrap_err();
    assert_eq!((rejected.reason, rejected.public_text()), (Reason::Replayed, "Replay detected"));
}

#[test]
fn moving_a_separator_does_not_forge_a_request() {
    // If a request id could contain the separator, this request would have the same signing input as `GET
    // /pay` with the request id `x:<id>`.
    let mut headers = sign(Scheme::Client, "billing-service", "GET", "/pay:x", "");
    headers.iter_mut().filter(|(name, _)| name == "X-Request-ID").for_each(|(_, id)| id.insert_str(0, "x:"));
    let rejected = verify(Scheme::Client, "GET", "/pay", &headers, "").unwrap_err();
    assert_eq!((rejected.reason, rejected.field), (Reason::MalformedHeader, Some("X-Request-ID")));
}

#[test]
fn verifying_a_complete_request_updates_the_usage_of_the_key() {
    let (policy, keys) = (policy(Scheme::Message), ring());
    let sent =
        common::sign(&signer("agent", &keys, Scheme::Message), &common::request(&[]), &SIGNING).unwrap();
    let verifier = Verifier { policy: &policy, keys: &keys };
    verifier.verify(&common::request(&lines(&sent)), b"", None, NOW_MS + 2999).unwrap();
    let used = keys.status().find(|status| status.name == "agent/practices").unwrap();
    assert_eq!((used.accepted, used.last_accepted_s), (1, u32::try_from(NOW_MS / 1000 + 2).ok()));
}

#[test]
fn a_client_key_under_message_needs_authorities() {
    let keys = ring();
    let signing = Signing { receiver: "", ..SIGNING };
    let headers =
        common::sign(&signer("billing", &keys, Scheme::Message), &common::request(&[]), &signing).unwrap();
    let seen = |authorities| {
        let policy = Policy { authorities, ..policy(Scheme::Message) };
        let verifier = Verifier { policy: &policy, keys: &keys };
        verifier
            .verify(&common::request(&lines(&headers)), b"", None, NOW_MS)
            .map(|_| ())
            .map_err(|it| it.reason)
    };
    assert_eq!(seen(Authorities::Unset), Err(Reason::AuthorityNotServed));
    assert_eq!(seen(Authorities::Any), Ok(()));
}
