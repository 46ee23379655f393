//! A signature that is seen as a whole is what parsing finds.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use super::{Fields, Inputs, Mac, SIGNATURE, SIGNATURE_INPUT, labelled_mac, mac};
use crate::Header;
use crate::message::components::{CoveredComponents, MAX_MEMBER_BYTES};
use std::format;
use std::string::String;
use std::vec::Vec;

/// As Sealwire sends it.
const OWN: &str = "sealwire=(\"@method\" \"@authority\" \"@path\" \"@query\" \"x-user-id\");created=1712419200;\
                   nonce=\"550e\";keyid=\"agent/practices#1\";alg=\"hmac-sha256\";tag=\"sealwire\"";
const LABEL: &[u8] = b"sealwire";
const MAC: &str = "sealwire=:MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=:";

/// `text` with another byte before or in place of each, or without it.
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

/// The MAC as it is found, and as parsing finds it.
fn both_macs(headers: &[Header<'_>], label: &[u8]) -> [Result<[u8; 32], String>; 2] {
    let field = &Fields::find(headers).signature;
    let bytes = |mac: Result<Mac, _>| mac.map(|mac| *mac.as_bytes()).map_err(|fault| format!("{fault:?}"));
    [bytes(mac(field, label)), bytes(labelled_mac(field, label))]
}

#[test]
fn a_lone_signature_is_what_parsing_it_finds() {
    for value in edited(MAC) {
        let [quickly, slowly] = both_macs(&[Header { name: SIGNATURE.as_bytes(), value: &value }], LABEL);
        assert_eq!(quickly, slowly, "{}", value.escape_ascii());
    }
}

#[test]
fn a_signature_among_lines_is_what_parsing_them_finds() {
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
fn lines_are_held_to_their_length_together() {
    for (length, is_read) in [(MAX_MEMBER_BYTES, true), (MAX_MEMBER_BYTES + 1, false)] {
        let second = format!("o=(\"{}\")", "o".repeat(length - OWN.len() - "o=(\"\")".len()));
        let headers = [Header::new(SIGNATURE_INPUT, OWN), Header::new(SIGNATURE_INPUT, &second)];
        let mut covered = CoveredComponents::none();
        let mut inputs = Inputs::new(LABEL, |_| true, &mut covered);
        assert_eq!(Fields::find(&headers).input.visit(&mut inputs).is_ok(), is_read);
    }
}
