//! What programs and people are told: numbers, names and sentences, each its own; and that nothing shown holds a secret.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::collections::HashSet;

use sealwire_core::connection_string::IssueError;
use sealwire_core::http_signature::content_digest::BodyHasher;
use sealwire_core::http_signature::{ComponentError, Problem};
use sealwire_core::keys::{Key, KeyRingError, KeyRingFault, KeySetError, SecretError, Strength, Version};
use sealwire_core::mac::{HmacSha256, HmacSha512, Mac};
use sealwire_core::replay::TableError;
use sealwire_core::structured_fields::{SyntaxError, Unserializable};
use sealwire_core::{Header, Mode, Modes, Policy, Reason, Request, Scheme, Text, Verifier};

#[test]
fn observing_only_turns_every_enforce_into_observe_and_leaves_what_is_off() {
    let name = |text| Text::new(text).unwrap();
    let senders = vec![(name("a"), Mode::Enforce), (name("b"), Mode::Off), (name("c"), Mode::Observe)];
    let mut modes = Modes { service: Mode::Enforce, senders };
    modes.observe_only();
    let after = ["", "a", "b", "c"].map(|sender| modes.of(sender));
    assert_eq!(after, [Mode::Observe, Mode::Observe, Mode::Off, Mode::Observe]);
}

#[test]
fn every_rejection_keeps_its_number_its_name_and_its_status() {
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
fn every_scheme_and_mode_is_found_by_its_number_or_name() {
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

#[test]
fn a_rejection_says_scheme_reason_and_header() {
    let (policy, keys) =
        (Policy::new(Text::new("practices").unwrap()), sealwire_core::keys::KeyRing::default());
    let verifier = Verifier { policy: &policy, keys: &keys };
    let said = |headers: &[Header<'_>]| {
        let request = Request { method: b"GET", target: b"/", authority: b"a", scheme: b"http", headers };
        verifier.verify(&request, b"", None, 0).unwrap_err().to_string()
    };
    assert_eq!(said(&[]), "message request rejected: missing_headers (Signature-Input)");
    let bare = Header::new(
        "Signature-Input",
        "s=();created=1;nonce=\"n\";keyid=\"a/practices#1\";alg=\"hmac-sha256\";tag=\"sealwire\"",
    );
    let signature = Header::new("Signature", "s=:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=:");
    assert_eq!(said(&[bare, signature]), "message request rejected: missing_coverage (@method)");
}

/// One of each, all of which a person may come to read.
fn errors() -> Vec<Box<dyn core::error::Error>> {
    let ring =
        |cause| -> Box<dyn core::error::Error> { Box::new(KeyRingError { entry: "a/b".into(), cause }) };
    let secrets = [
        SecretError::Empty,
        SecretError::TooShort(5),
        SecretError::OneByteRepeated,
        SecretError::PatternRepeated,
        SecretError::NotBase64,
    ];
    let sets = [KeySetError::Empty, KeySetError::DuplicateVersion(3), KeySetError::PrimaryMissing(4)];
    let issuing = [IssueError::RoleName(2), IssueError::TooLong, IssueError::BufferTooSmall];
    let mut errors = vec![
        ring(KeyRingFault::Name),
        ring(KeyRingFault::Twice),
        ring(KeyRingFault::SameName("c/d".into())),
        ring(KeyRingFault::Clash("c/d".into())),
        ring(KeyRingFault::Secret(7, SecretError::Empty)),
        ring(KeyRingFault::Set(KeySetError::Empty)),
        Box::new(TableError::Length(9)),
        Box::new(SyntaxError { line: 1, offset: 5, expected: "a key" }),
        Box::new(Unserializable { expected: "a token" }),
    ];
    errors.extend(secrets.map(|it| -> Box<dyn core::error::Error> { Box::new(it) }));
    errors.extend(sets.map(|it| -> Box<dyn core::error::Error> { Box::new(it) }));
    errors.extend(issuing.map(|it| -> Box<dyn core::error::Error> { Box::new(it) }));
    errors
}

#[test]
fn every_error_is_a_sentence_of_its_own_that_names_what_is_wrong() {
    let said: Vec<_> = errors().iter().map(ToString::to_string).collect();
    assert!(said.iter().all(|text| text.len() > 20), "{said:?}");
    assert_eq!(said.iter().collect::<HashSet<_>>().len(), said.len(), "{said:?}");
    for named in [
        "entry a/b",
        "c/d",
        "version 7",
        "5 bytes",
        "version 3",
        "version 4",
        "role 2",
        "given 9",
        "byte 5 of line 1",
        "a token",
    ] {
        assert!(said.iter().any(|text| text.contains(named)), "{named}");
    }
}

#[test]
fn every_problem_of_a_component_has_a_text_of_its_own() {
    use Problem::{
        Absent, Ambiguous, BadName, BadParameter, ConflictingParameters, MissingParameter, NoRequest,
        NotOfType, Repeated, RequestOnly, ResponseOnly, TooLarge, TooMany, Trailer, UnknownDerived,
        UnknownParameter, UnknownType, Unsignable,
    };
    let problems = [
        BadName,
        UnknownDerived,
        UnknownParameter,
        BadParameter,
        MissingParameter,
        ConflictingParameters,
        Trailer,
        Repeated,
        TooMany,
        RequestOnly,
        ResponseOnly,
        NoRequest,
        Absent,
        Ambiguous,
        Unsignable,
        UnknownType,
        NotOfType,
        TooLarge,
    ];
    let texts: HashSet<_> = problems.iter().map(|problem| problem.text()).collect();
    assert_eq!(texts.len(), problems.len());
    for problem in problems {
        let error = ComponentError { component: Text::new("@path").unwrap(), problem };
        assert_eq!(error.to_string(), format!("component @path: {}", problem.text()));
    }
}

#[test]
fn nothing_that_holds_a_secret_shows_it() {
    let secret = b"an example secret of 32 bytes ok";
    let (short, long) = (
        Key::<HmacSha256>::new(1, secret, Strength::Required).unwrap(),
        Key::<HmacSha512>::new(1, secret, Strength::Required).unwrap(),
    );
    let mut hasher = BodyHasher::default();
    hasher.update(secret);
    let shown = [
        (format!("{:?}", short.mac()), "HmacSha256(..)"),
        (format!("{:?}", short.mac().stream()), "HmacSha256Stream(..)"),
        (format!("{:?}", short.mac().stream().end()), "FinishedMacs(..)"),
        (format!("{:?}", long.mac()), "HmacSha512(..)"),
        (format!("{:?}", long.mac().stream()), "HmacSha512Stream(..)"),
        (format!("{:?}", Mac::from_bytes([7; 32])), "Mac(..)"),
        (format!("{hasher:?}"), "BodyHasher"),
        (format!("{:?}", Version { number: 4, secret }), "Version(4, ..)"),
    ];
    for (shown, expected) in shown {
        assert_eq!(shown, expected);
    }
}

#[test]
fn short_text_is_shown_quoted_and_equals_its_like() {
    let text = |it: &str| Text::<8>::new(it).unwrap();
    assert_eq!(format!("{:?}", text("a\"b")), r#""a\"b""#);
    assert!(text("one") == text("one"));
    assert!(text("one") != text("two") && text("one") != text("on") && text("") != text("\0"));
}
