//! Tests of `Content-Digest`.

use sealwire_core::http_signature::content_digest::{BodyHasher, ContentDigest, FORMATTED_LENGTH};
use sealwire_core::structured_fields::{BareItem, Dictionary, Member};

/// The body of the example in RFC 9530 appendix D, which also contains its digest.
const BODY: &[u8] = b"{\"hello\": \"world\"}\n";
const FIELD: &str = "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:";

fn parse(lines: &[&str]) -> Result<Option<ContentDigest>, String> {
    let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
    ContentDigest::parse(lines.into_iter()).map_err(|error| error.to_string())
}

fn matches(lines: &[&str]) -> bool {
    parse(lines).unwrap().unwrap().matches(&ContentDigest::of(BODY))
}

#[test]
fn the_field_equals_the_example_in_the_rfc() {
    assert_eq!(ContentDigest::of(BODY).format(&mut [0; FORMATTED_LENGTH]), FIELD);
    assert!(matches(&[FIELD]));
}

#[test]
fn a_body_in_parts_has_the_same_digest() {
    for cut in 0..=BODY.len() {
        let mut hasher = BodyHasher::default();
        hasher.update(&BODY[..cut]);
        hasher.update(&BODY[cut..]);
        assert!(hasher.finish().matches(&ContentDigest::of(BODY)));
    }
}

#[test]
fn a_body_with_one_flipped_bit_does_not_match() {
    let digest = parse(&[FIELD]).unwrap().unwrap();
    for bit in 0..BODY.len() * 8 {
        let mut changed = BODY.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(!digest.matches(&ContentDigest::of(&changed)), "bit {bit}");
    }
}

#[test]
fn other_algorithms_are_ignored() {
    assert!(matches(&[&format!("sha-512=:AAAA:, {FIELD}")]));
    assert!(matches(&["md5=:AAAA:;q=1", FIELD]));
    assert!(parse(&["sha-512=:AAAA:"]).unwrap().is_none());
    assert!(parse(&[]).unwrap().is_none());
    assert!(parse(&["SHA-256"]).is_err(), "a key must be in lower case");
}

#[test]
fn a_malformed_digest_is_rejected() {
    let unpadded = FIELD.replace('=', "").replacen("sha-256", "sha-256=", 1);
    let twice = format!("{FIELD}, {FIELD}");
    let refused: [&[&str]; 9] = [
        &[&unpadded],
        &[&twice],
        &[FIELD, FIELD],
        &["sha-256=:AAAA:"],
        &["sha-256=::"],
        &["sha-256"],
        &["sha-256=RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg"],
        &["sha-256=(:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:)"],
        &[&FIELD[..53]],
    ];
    for lines in refused {
        assert!(parse(lines).is_err(), "{lines:?}");
    }
}

/// Parses the field with the general dictionary parser.
fn by_the_dictionary(line: &[u8]) -> Result<Option<String>, ()> {
    let dictionary = Dictionary::parse([line].into_iter()).map_err(|_| ())?;
    let count = dictionary.sent().filter(|(key, _)| *key == b"sha-256").count();
    match (dictionary.get("sha-256"), count) {
        (None, _) => Ok(None),
        (Some(Member::Item(item)), 1) => {
            let BareItem::ByteSequence(bytes) = item.value else { return Err(()) };
            if bytes.decode(&mut [0; 256]).is_some_and(|digest| digest.len() == 32) {
                Ok(Some(format!("sha-256=:{}:", bytes.base64())))
            } else {
                Err(())
            }
        }
        _ => Err(()),
    }
}

#[test]
fn an_edited_field_is_parsed_according_to_its_grammar() {
    let edits = (0..=FIELD.len()).flat_map(|at| (0..=u8::MAX).map(move |byte| (at, byte)));
    for (at, byte) in edits {
        let (before, after) = FIELD.as_bytes().split_at(at);
        for after in [after, after.get(1..).unwrap_or_default()] {
            let line = [before, &[byte], after].concat();
            let read = ContentDigest::parse([line.as_slice()].into_iter()).map_err(|_| ());
            let written =
                read.map(|read| read.map(|digest| digest.format(&mut [0; FORMATTED_LENGTH]).to_owned()));
            assert_eq!(written, by_the_dictionary(&line), "{}", line.escape_ascii());
        }
    }
}
