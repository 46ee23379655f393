//! Tests of the limits of `Signature-Input`, and of repeated labels and signatures for other services.

use sealwire_core::http_signature::covered::MAX_MEMBER_BYTES;
use sealwire_core::{Header, Reason, Scheme, Verifier};

use super::{changed, judged, only, signed};
use crate::common::{NOW_MS, lines, policy, request, ring, value};

#[test]
fn a_repeated_label_is_rejected_at_any_position() {
    let headers = signed(Scheme::Message);
    let ours = value(&headers, "Signature-Input");
    let (label, _) = ours.split_once('=').unwrap();
    let malformed = Err((Reason::MalformedHeader, Some("Signature-Input")));
    for other in ["()", "(\"@path\");tag=\"another\""] {
        for doubled in [format!("{ours}, {label}={other}"), format!("{label}={other}, {ours}")] {
            let headers = changed(Scheme::Message, "Signature-Input", |_| doubled.clone());
            assert_eq!(judged(only(Scheme::Message), &headers), malformed, "{other}");
        }
        let beside = changed(Scheme::Message, "Signature-Input", |_| format!("{ours}, another={other}"));
        assert_eq!(judged(only(Scheme::Message), &beside), Ok(Scheme::Message));
    }
}

#[test]
fn the_length_of_signature_input_is_limited() {
    let headers = signed(Scheme::Message);
    let ours = value(&headers, "Signature-Input");
    let padded = |length: usize| {
        let other = format!("{ours}, a=();x=\"\"");
        let fill = "x".repeat(length - other.len());
        format!("{ours}, a=();x=\"{fill}\"")
    };
    for (length, accepted) in [(MAX_MEMBER_BYTES, true), (MAX_MEMBER_BYTES + 1, false)] {
        let headers = changed(Scheme::Message, "Signature-Input", |_| padded(length));
        assert_eq!(judged(only(Scheme::Message), &headers).is_ok(), accepted, "{length}");
    }
}

#[test]
fn a_request_has_at_most_sixteen_signatures() {
    let signed = signed(Scheme::Message);
    let ours = value(&signed, "Signature-Input");
    for (others, accepted) in [(15, true), (16, false)] {
        let beside: String = (0..others).map(|at| format!(", a{at}=()")).collect();
        let headers = changed(Scheme::Message, "Signature-Input", |_| format!("{ours}{beside}"));
        assert_eq!(judged(only(Scheme::Message), &headers).is_ok(), accepted, "{others}");
    }
}

#[test]
fn signatures_for_other_services_are_ignored() {
    let signed = signed(Scheme::Message);
    let (policy, keys) = (policy(Scheme::Message), ring());
    let verifier = Verifier { policy: &policy, keys: &keys };
    let others = ["a=()", "b=();tag=\"x\"", "c=()"].map(|value| Header::new("Signature-Input", value));
    for count in 0..=others.len() {
        let headers: Vec<_> = lines(&signed).into_iter().chain(others.into_iter().take(count)).collect();
        assert!(verifier.verify(&request(&headers), b"", None, NOW_MS).is_ok(), "{count} others");
    }
}
