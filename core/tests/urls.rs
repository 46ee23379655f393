//! The shared vectors of absolute URLs.
#![allow(clippy::indexing_slicing, reason = "a vector without a field fails its case")]

use sealwire_core::{AbsoluteUrl, url_buffer_bytes};
use serde_json::Value;

const VECTORS: &str = include_str!("../../tests/vectors/url.json");

#[test]
fn every_url_has_the_parts_that_its_vector_says() {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap_or_default();
    let cases = vectors["cases"].as_array().map(Vec::as_slice).unwrap_or_default();
    assert!(cases.len() > 80);
    for case in cases {
        let url = case["url"].as_str().unwrap_or_default().as_bytes();
        let mut buffer = vec![0; url_buffer_bytes(url.len())];
        let found = AbsoluteUrl::normalise(url, &mut buffer).ok().map(|parts| {
            [parts.scheme.as_bytes(), parts.authority, parts.target].map(|part| String::from_utf8_lossy(part))
        });
        let wanted = case["expect"]["url"].as_object().map(|parts| {
            ["scheme", "authority", "target"].map(|part| parts[part].as_str().unwrap_or_default().into())
        });
        assert_eq!(found, wanted, "{}", case["name"]);
    }
}
