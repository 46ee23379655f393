//! Tests that the fast paths return the same result as the general parser.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use super::{Fields, Inputs, Mac, SIGNATURE, SIGNATURE_INPUT, Visitor, labelled_mac, mac};
use crate::http_signature::covered::{CoveredComponents, MAX_MEMBER_BYTES};
use crate::structured_fields::bare_item::BareItem;
use crate::structured_fields::inner_list::Member;
use crate::structured_fields::item::Item;
use crate::wire::request::Header;
use std::format;
use std::string::String;
use std::vec::Vec;

const KNOWN: &str = "\"@method\" \"@authority\" \"@path\" \"@query\"";
const TAIL: &str = ";alg=\"hmac-sha256\";tag=\"sealwire\"";
/// A list of components and parameters as Sealwire sends it.
const OWN: &str = "sealwire=(\"@method\" \"@authority\" \"@path\" \"@query\" \"x-user-id\");created=1712419200;\
                   nonce=\"550e\";keyid=\"agent/practices#1\";alg=\"hmac-sha256\";tag=\"sealwire\"";
/// A signature for another service.
const OTHER: &str = "o=(\"@method\" \"@authority\" \"@path\" \"@query\");alg=\"hmac-sha256\";tag=\"sealwire\";\
                     keyid=\"a/b#1\";created=1";
const LABEL: &[u8] = b"sealwire";
const MAC: &str = "sealwire=:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=:";

/// Disables the fast paths of a visitor.
struct Slowly<V>(V);

impl<'a, V: Visitor<'a>> Visitor<'a> for Slowly<V> {
    fn item(&mut self, sent: &'a [u8], item: &Item<'a>) {
        self.0.item(sent, item);
    }

    fn parameter(&mut self, key: &'a [u8], value: BareItem<'a>) {
        self.0.parameter(key, value);
    }

    fn member(&mut self, key: &'a [u8], member: Member<'a>) -> Result<(), &'static str> {
        self.0.member(key, member)
    }
}

/// Returns everything found in `input`, or the error.
fn found(input: &[u8], slowly: bool) -> String {
    let headers = [Header { name: SIGNATURE_INPUT.as_bytes(), value: input }];
    let field = &Fields::find(&headers).input;
    let mut covered = CoveredComponents::none();
    let mut inputs = Inputs::new(LABEL, |key| key.is_for("practices"), &mut covered);
    let ours = if slowly {
        let mut slowly = Slowly(inputs);
        field.visit(&mut slowly).and_then(|()| slowly.0.ours())
    } else {
        field.visit(&mut inputs).and_then(|()| inputs.ours())
    };
    match ours {
        Ok(ours) => format!(
            "{:?} {} {:?} {:?}",
            ours.parameters,
            ours.is_covered,
            covered.list(),
            covered.covered().collect::<Vec<_>>()
        ),
        Err(fault) => format!("{fault:?}"),
    }
}

fn quickly(input: &str) -> String {
    found(input.as_bytes(), false)
}

/// Returns all strings made from `text` by inserting, replacing or removing one byte.
fn edited(text: &str) -> impl Iterator<Item = Vec<u8>> {
    let bytes = (b' '..=0x80).chain([0, b'\t', u8::MAX]);
    let edit = move |at: usize, new: &[u8], taken: usize| {
        let (before, after) = text.as_bytes().split_at(at);
        [before, new, after.get(taken..).unwrap_or_default()].concat()
    };
    let places = (0..=text.len()).flat_map(move |at| bytes.clone().map(move |byte| (at, byte)));
    let changed = places.flat_map(move |(at, byte)| [edit(at, &[byte], 0), edit(at, &[byte], 1)]);
    changed.chain((0..text.len()).map(move |at| edit(at, b"", 1)))
}

#[test]
fn the_fast_path_for_edited_input_agrees_with_the_parser() {
    for input in edited(OWN) {
        assert_eq!(found(&input, false), found(&input, true), "{}", input.escape_ascii());
    }
}

#[test]
fn the_form_that_sealwire_sends_is_recognised() {
    let mut covered = CoveredComponents::none();
    let mut inputs = Inputs::new(LABEL, |_| true, &mut covered);
    assert_eq!(inputs.default_items(format!("{KNOWN})").leak().as_bytes()), KNOWN.len());
    assert_eq!(inputs.default_parameters(TAIL.as_bytes()), TAIL.len());
    assert!(covered.begins_with_defaults());
}

#[test]
fn default_parts_count_like_other_parts() {
    let refused = quickly("?");
    let many =
        |parameters: usize| (0..parameters).fold(String::from(OWN), |many, at| format!("{many};p{at}"));
    assert_ne!(quickly(&many(11)), refused);
    assert_eq!(quickly(&many(12)), refused, "at most 16");
    assert_eq!(quickly(&format!("{};p0", many(11))), refused, "the seventeenth, and given before");
    for earlier in [";alg=\"hmac-sha256\"", ";tag=\"sealwire\"", TAIL] {
        assert_eq!(quickly(&OWN.replace(TAIL, &format!("{earlier}{TAIL}"))), refused, "{earlier} twice");
        assert_eq!(quickly(&format!("{OWN}{earlier}")), refused, "{earlier} twice");
    }
    for later in ["\"@path\"", KNOWN] {
        let repeated = OWN.replace(KNOWN, &format!("{KNOWN} {later}"));
        assert_eq!(quickly(&repeated), found(repeated.as_bytes(), true));
        assert!(quickly(&repeated).contains(" false "), "a component is covered twice");
    }
}

#[test]
fn parts_of_other_signatures_are_never_used() {
    let nothing = OWN.replace(KNOWN, "").replace(" \"x-user-id\"", "");
    let respelled = OWN.replace(KNOWN, "\"@query\"");
    let many = (0..14).fold(String::from("o=()"), |many, at| format!("{many};p{at}"));
    let others = [
        OTHER,
        "o=();tag=\"t\";tag=\"t\"",
        "o=(\"x-user-id\" \"x-user-id\");expires=5;p1;created=7;nonce=\"n\";alg=\"a\";keyid=\"k\"",
        &many,
    ];
    for own in [OWN, &nothing, &respelled, &format!("{OWN};p1")] {
        for other in others {
            assert_eq!(quickly(&format!("{other}, {own}")), quickly(own), "after {other}");
            assert_eq!(quickly(&format!("{own}, {other}")), quickly(own), "before {other}");
        }
    }
    assert_eq!(quickly(&format!("{OWN}, {OWN}")), quickly("?"));
}

#[test]
fn only_the_start_of_the_list_is_recognised() {
    let respelled = OWN.replace(KNOWN, "\"@query\" \"@path\" \"@authority\" \"@method\"");
    for (input, known) in
        [(format!("{OTHER}, {OWN}"), true), (format!("{OTHER}, {respelled}"), false), (respelled, false)]
    {
        let headers = [Header::new(SIGNATURE_INPUT, &input)];
        let mut covered = CoveredComponents::none();
        let mut inputs = Inputs::new(LABEL, |key| key.is_for("practices"), &mut covered);
        Fields::find(&headers).input.visit(&mut inputs).unwrap();
        assert_eq!(covered.begins_with_defaults(), known, "{input}");
    }
}

/// Returns the MAC from the fast path and from the general parser.
fn both_macs(headers: &[Header<'_>], label: &[u8]) -> [Result<[u8; 32], String>; 2] {
    let field = &Fields::find(headers).signature;
    let bytes = |mac: Result<Mac, _>| mac.map(|mac| *mac.as_bytes()).map_err(|fault| format!("{fault:?}"));
    [bytes(mac(field, label)), bytes(labelled_mac(field, label))]
}

#[test]
fn the_fast_path_for_a_single_signature_agrees_with_the_parser() {
    for value in edited(MAC) {
        let [quickly, slowly] = both_macs(&[Header { name: SIGNATURE.as_bytes(), value: &value }], LABEL);
        assert_eq!(quickly, slowly, "{}", value.escape_ascii());
    }
}

#[test]
fn the_fast_path_for_several_lines_agrees_with_the_parser() {
    let (own, date) = (Header::new(SIGNATURE, MAC), Header::new("Date", "now"));
    let other = Header::new(SIGNATURE, "o=:AAAA:");
    for lines in
        [[own, own, date], [own, date, own], [own, other, date], [date, other, own], [date, date, date]]
    {
        let [quickly, slowly] = both_macs(&lines, LABEL);
        assert_eq!(quickly, slowly);
        assert_eq!(quickly.is_ok(), lines.contains(&other), "{lines:?}");
    }
}

#[test]
fn another_field_is_not_a_signature() {
    let [quickly, slowly] = both_macs(&[Header::new("X-Other", MAC)], LABEL);
    assert!(quickly.is_err());
    assert_eq!(quickly, slowly);
}

#[test]
fn a_lone_signature_may_be_as_long_as_any() {
    for (length, is_read) in [(MAX_MEMBER_BYTES, true), (MAX_MEMBER_BYTES + 1, false)] {
        let label = "l".repeat(length - MAC.len() + LABEL.len());
        let value = MAC.replace("sealwire", &label);
        assert_eq!(value.len(), length);
        let [quickly, slowly] = both_macs(&[Header::new(SIGNATURE, &value)], label.as_bytes());
        assert_eq!(quickly, slowly);
        assert_eq!(quickly.is_ok(), is_read);
    }
}

#[test]
fn the_length_limit_applies_to_all_lines_together() {
    for (length, is_read) in [(MAX_MEMBER_BYTES, true), (MAX_MEMBER_BYTES + 1, false)] {
        let second = format!("o=(\"{}\")", "o".repeat(length - OWN.len() - "o=(\"\")".len()));
        let headers = [Header::new(SIGNATURE_INPUT, OWN), Header::new(SIGNATURE_INPUT, &second)];
        let mut covered = CoveredComponents::none();
        let mut inputs = Inputs::new(LABEL, |_| true, &mut covered);
        assert_eq!(Fields::find(&headers).input.visit(&mut inputs).is_ok(), is_read);
    }
}
