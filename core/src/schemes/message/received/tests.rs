//! Tests of the limits, and of which signature is selected.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::{ReceivedSignature, SIGNATURE, SIGNATURE_INPUT, input, mac};
use crate::http_signature::covered::{CoveredComponents, MAX_MEMBER_BYTES};
use crate::wire::reason::Reason;
use crate::wire::request::Header;
use std::format;
use std::string::String;
use std::vec::Vec;

const COMPONENTS: &str = "\"@method\" \"@authority\" \"@path\" \"@query\"";
const TAIL: &str = ";alg=\"hmac-sha256\";tag=\"sealwire\"";
/// A member of `Signature-Input` in the form that Sealwire sends.
const OWN: &str = "sealwire=(\"@method\" \"@authority\" \"@path\" \"@query\" \"x-user-id\");created=1712419200;\
                   nonce=\"550e\";keyid=\"agent/practices#1\";alg=\"hmac-sha256\";tag=\"sealwire\"";
/// A signature for another service.
const OTHER: &str = "o=(\"@method\" \"@authority\" \"@path\" \"@query\");alg=\"hmac-sha256\";tag=\"sealwire\";\
                     keyid=\"a/b#1\";created=1";
const MAC: &str = "sealwire=:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=:";

/// Returns the parameters and components found in `input`, or the reason for the rejection.
fn found(input: &str) -> Result<String, Reason> {
    let headers = [Header::new(SIGNATURE_INPUT, input), Header::new(SIGNATURE, MAC)];
    let mut covered = CoveredComponents::none();
    let found = ReceivedSignature::find(&headers, "sealwire", |key| key.is_for("practices"), &mut covered);
    let found = found.map_err(|fault| fault.reason)?;
    Ok(format!("{:?} {:?} {:?}", found.parameters, covered.list(), covered.covered().collect::<Vec<_>>()))
}

#[test]
fn repeated_parameters_and_more_than_sixteen_parameters_are_rejected() {
    let many =
        |parameters: usize| (0..parameters).fold(String::from(OWN), |many, at| format!("{many};p{at}"));
    assert!(found(&many(11)).is_ok());
    assert_eq!(found(&many(12)), Err(Reason::MalformedHeader), "17 parameters");
    for twice in [";p1;p1", ";alg=\"hmac-sha256\"", ";tag=\"sealwire\"", TAIL] {
        assert_eq!(found(&format!("{OWN}{twice}")), Err(Reason::MalformedHeader), "{twice}");
    }
}

#[test]
fn repeated_components_are_rejected() {
    for later in ["\"@path\"", "\"x-user-id\"", COMPONENTS] {
        let repeated = OWN.replace(COMPONENTS, &format!("{COMPONENTS} {later}"));
        assert_eq!(found(&repeated), Err(Reason::MalformedHeader), "{later}");
    }
}

#[test]
fn parts_of_other_signatures_are_never_used() {
    let nothing = OWN.replace(COMPONENTS, "").replace(" \"x-user-id\"", "");
    let many = (0..14).fold(String::from("o=()"), |many, at| format!("{many};p{at}"));
    let others = [
        OTHER,
        "o=();tag=\"t\";tag=\"t\"",
        "o=(\"x-user-id\" \"x-user-id\");expires=5;p1;created=7;nonce=\"n\";alg=\"a\";keyid=\"k\"",
        &many,
    ];
    for own in [OWN, &nothing, &format!("{OWN};p1")] {
        for other in others {
            assert_eq!(found(&format!("{other}, {own}")), found(own), "after {other}");
            assert_eq!(found(&format!("{own}, {other}")), found(own), "before {other}");
        }
    }
    assert_eq!(found(&format!("{OWN}, {OWN}")), Err(Reason::MalformedHeader));
    assert_eq!(found(&format!("{OWN}, sealwire=()")), Err(Reason::MalformedHeader), "a repeated label");
    assert_eq!(found(OTHER), Err(Reason::UnknownClient));
    assert_eq!(found("o=()"), Err(Reason::MissingHeaders));
}

#[test]
fn repeated_labels_in_the_signature_header_are_rejected() {
    let found = |lines: &[&str]| {
        let headers: Vec<_> = lines.iter().map(|line| Header::new(SIGNATURE, line)).collect();
        mac(&headers, b"sealwire").map(|mac| *mac.as_bytes()).map_err(|fault| fault.reason)
    };
    assert_eq!(found(&[MAC]), Ok(*b"0123456789abcdef0123456789abcdef"));
    assert_eq!(found(&["o=:AAAA:", MAC]), found(&[MAC]));
    assert_eq!(found(&[&format!("{MAC},  o=1")]), found(&[MAC]));
    assert_eq!(found(&[MAC, MAC]), Err(Reason::MalformedHeader));
    assert_eq!(found(&["sealwire=:AAAA:"]), Err(Reason::MalformedHeader), "too short");
    for absent in [["o=:AAAA:"].as_slice(), &[]] {
        assert_eq!(found(absent), Err(Reason::MissingHeaders));
    }
}

#[test]
fn the_length_limit_applies_to_all_lines_together() {
    for (length, is_read) in [(MAX_MEMBER_BYTES, true), (MAX_MEMBER_BYTES + 1, false)] {
        let second = format!("o=(\"{}\")", "o".repeat(length - OWN.len() - "o=(\"\")".len()));
        let headers = [Header::new(SIGNATURE_INPUT, OWN), Header::new(SIGNATURE_INPUT, &second)];
        assert_eq!(input(&headers, "sealwire", |_| true, &mut CoveredComponents::none()).is_ok(), is_read);
        let label = "l".repeat(length - MAC.len() + "sealwire".len());
        let value = MAC.replace("sealwire", &label);
        assert_eq!(mac(&[Header::new(SIGNATURE, &value)], label.as_bytes()).is_ok(), is_read);
    }
}
