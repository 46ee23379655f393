//! Tests of valid and invalid structured fields.

mod display_strings;
#[allow(clippy::cast_possible_truncation, reason = "the floats of the suite are small")]
mod json;
mod properties;
mod suite;

use sealwire_core::structured_fields::{BareItem, Dictionary, Item, List, Member, SyntaxError, TooManyKeys};

use crate::common::assert_messages_name;

fn dictionary(text: &str) -> Dictionary<std::iter::Once<&[u8]>> {
    Dictionary::parse(std::iter::once(text.as_bytes())).unwrap()
}

fn item(text: &str) -> Result<Item<'_>, ()> {
    Item::parse(std::iter::once(text.as_bytes())).map_err(|_| ())
}

#[test]
fn dictionaries_and_parameters_report_their_contents() {
    assert_eq!(dictionary("").sent().count(), 0);
    assert_eq!(dictionary("a, a=1").sent().count(), 2);
    let Some(Member::InnerList(list)) = dictionary("a=(1 2);x=1;y=?0;x=2").get("a") else { panic!() };
    let sent: Vec<_> = list.parameters.sent().collect();
    assert_eq!(
        sent,
        [
            (b"x".as_slice(), BareItem::Integer(1)),
            (b"y", BareItem::Boolean(false)),
            (b"x", BareItem::Integer(2))
        ]
    );
    assert_eq!(list.sent_length(), "(1 2);x=1;y=?0;x=2".len());
    let Some(Member::InnerList(bare)) = dictionary("a=()").get("a") else { panic!() };
    assert_eq!((bare.parameters.sent().count(), bare.sent_length()), (0, 2));
}

#[test]
fn strings_with_the_same_text_are_equal() {
    assert!(item("\"a\"").unwrap().value == item("\"a\"").unwrap().value);
    assert!(item("\"a\"").unwrap().value != item("\"b\"").unwrap().value);
}

#[test]
fn a_quoted_string_has_the_text_without_escapes() {
    let item = item(r#""a\"b""#).unwrap();
    let BareItem::String(string) = item.value else { unreachable!() };
    assert!(string.bytes().eq(*b"a\"b"));
}

#[test]
fn each_byte_sequence_has_exactly_one_encoding() {
    for right in [":AA==:", ":+/+/:", "://8=:", ":+w==:", ":AAAA:", "::", ":z/8=:"] {
        assert!(item(right).is_ok(), "{right}");
    }
    // In these fields, the unused bits of the last digit are not zero. Each kind of Base64 digit occurs as
    // the last digit.
    for wrong in [
        ":AB==:", ":A+==:", ":A/==:", ":Az==:", ":A9==:", ":AAB=:", ":AA+=:", ":AA/=:", ":AAz=:", ":AA9=:",
        ":AA=:", ":A:", ":A-==:",
    ] {
        assert!(item(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn an_encoded_byte_has_two_lower_case_hex_digits() {
    assert!(item("%\"%c3%bc\"").is_ok());
    for wrong in
        ["%\"%C3%bc\"", "%\"%c3%BC\"", "%\"%c3%bC\"", "%\"%c3%Bc\"", "%\"%4\"", "%\"%4g\"", "%\"%g4\""]
    {
        assert!(item(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn one_of_several_lines_must_not_be_empty() {
    let parsed = |lines: &[&'static str]| {
        let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
        List::parse(lines.iter().copied()).is_ok()
    };
    assert!(parsed(&["a", "b"]));
    assert!(parsed(&["a", " b", "c"]));
    assert!(parsed(&[""]));
    for lines in [["", "a"], ["a", ""], ["a", " "], ["", ""]] {
        assert!(!parsed(&lines), "{lines:?}");
    }
    assert!(!parsed(&["a", "", "b"]));
}

#[test]
fn an_error_contains_the_line_and_the_byte() {
    let lines: [&[u8]; 3] = [b"a, b", b"c", b"d, !"];
    let error = List::parse(lines.into_iter()).unwrap_err();
    assert_eq!((error.line, error.offset), (2, 3));
}

#[test]
fn an_error_contains_the_expected_syntax() {
    let syntax = SyntaxError { line: 1, offset: 5, expected: "a key" };
    let many: &dyn core::error::Error = &TooManyKeys;
    assert_messages_name(&[&syntax, many], &["byte 5 of line 1", "too many keys"]);
}
