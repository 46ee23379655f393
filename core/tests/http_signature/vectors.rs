//! Tests that signature bases match the shared vectors.

use super::base;
use sealwire_core::http_signature::base::{Message, Response};
use sealwire_core::{Header, Request};
use serde_json::Value;

/// The minimum number of vectors for signature bases, so that the test fails if vectors are missing.
const LEAST_BASES: usize = 39;

#[test]
fn bases_equal_the_vectors_byte_for_byte() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/message.json");
    let vectors: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = vectors["cases"].as_array().unwrap();
    let bases: Vec<_> = cases.iter().filter(|case| text(&case["name"]).starts_with("base-")).collect();
    bases.iter().for_each(|case| check(case));
    assert!(bases.len() >= LEAST_BASES, "only {} bases", bases.len());
    println!("{} bases", bases.len());
}

fn check(case: &Value) {
    let member = text(&case["signature_input"]);
    let built = with_message(&case["message"], |message| base(member, message));
    if case["expect"]["refused"] == true {
        assert!(built.is_err(), "{} was built: {built:?}", case["name"]);
        return;
    }
    let expected = String::from_utf8(hex::decode(text(&case["canonical_hex"])).unwrap()).unwrap();
    assert_eq!(built.unwrap(), expected, "{}", case["name"]);
}

fn with_message<T>(message: &Value, then: impl FnOnce(&Message<'_>) -> T) -> T {
    let headers = headers(&message["headers"]);
    let Some(status) = message["status"].as_u64() else {
        return then(&Message::Request(&request(message, &headers)));
    };
    let request_headers = self::headers(&message["request"]["headers"]);
    let request = message["request"].is_object().then(|| request(&message["request"], &request_headers));
    let response =
        Response { status: status.try_into().unwrap(), headers: &headers, request: request.as_ref() };
    then(&Message::Response(&response))
}

fn request<'a>(message: &'a Value, headers: &'a [Header<'a>]) -> Request<'a> {
    let part = |name: &str| text(&message[name]).as_bytes();
    Request {
        method: part("method"),
        target: part("target"),
        authority: part("authority"),
        scheme: part("scheme"),
        headers,
    }
}

fn headers(headers: &Value) -> Vec<Header<'_>> {
    let headers = headers.as_array().into_iter().flatten();
    headers.map(|header| Header::new(text(&header[0]), text(&header[1]))).collect()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}
