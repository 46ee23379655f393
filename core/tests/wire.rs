//! Tests of the stable numbers and names of reasons and schemes, and of absolute URLs from the shared
//! vectors.

use sealwire_core::{AbsoluteUrl, Mode, Reason, Scheme, url_buffer_bytes};
use serde_json::Value;

#[test]
fn reasons_have_stable_numbers_names_and_statuses() {
    let stable: Vec<_> =
        Reason::ALL.into_iter().map(|it| (it.number(), it.name(), it.http_status())).collect();
    assert_eq!(
        stable,
        [
            (10, "missing_headers", 401),
            (11, "malformed_header", 401),
            (12, "duplicate_header", 401),
            (13, "malformed_token", 401),
            (20, "unknown_client", 401),
            (21, "sender_not_allowed", 401),
            (22, "missing_key_version", 401),
            (23, "unknown_key_version", 401),
            (24, "authority_not_served", 401),
            (30, "stale_timestamp", 401),
            (31, "future_timestamp", 401),
            (32, "token_expired", 401),
            (40, "signature_mismatch", 401),
            (41, "body_digest_mismatch", 401),
            (42, "body_too_large", 413),
            (43, "missing_coverage", 401),
            (44, "body_timeout", 408),
            (50, "replayed", 401),
            (51, "replay_store_full", 503),
            (52, "replay_store_unavailable", 503),
            (53, "sender_share_exceeded", 503),
        ]
    );
    for reason in Reason::ALL {
        assert_eq!(Reason::from_number(reason.number()), Some(reason));
        assert_eq!(reason.to_string(), reason.name());
    }
    assert_eq!([0, 1, 14, 255].map(Reason::from_number), [None; 4]);
}

#[test]
fn schemes_and_modes_are_found_by_number_and_name() {
    let stable = Scheme::ALL.map(|scheme| (scheme.name(), scheme.number()));
    assert_eq!(stable, [("message", 1), ("pairwise", 2), ("client", 3)]);
    for scheme in Scheme::ALL {
        assert_eq!(Scheme::from_number(scheme.number()), Some(scheme));
        assert_eq!(Scheme::from_name(scheme.name()), Some(scheme));
        assert_eq!(scheme.to_string(), scheme.name());
    }
    assert_eq!((Scheme::from_number(0), Scheme::from_number(4), Scheme::from_name("")), (None, None, None));
    for mode in Mode::ALL {
        assert_eq!(Mode::from_name(mode.name()), Some(mode));
    }
    assert_eq!(Mode::from_name("on"), None);
}

const VECTORS: &str = include_str!("../../tests/vectors/url.json");

#[test]
fn urls_have_the_parts_in_their_vectors() {
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
