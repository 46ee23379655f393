//! Property tests of structured fields with arbitrary input.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use sealwire_core::sink::{Sink, SliceWriter};
use sealwire_core::structured_fields::{BareItem, Dictionary, Item, List};

fn lines(text: &[u8]) -> std::iter::Once<&[u8]> {
    std::iter::once(text)
}

fn written(write: impl FnOnce(&mut SliceWriter<'_>)) -> Vec<u8> {
    let mut buffer = [0; 4096];
    let mut writer = SliceWriter::new(&mut buffer);
    write(&mut writer);
    writer.finish().unwrap().to_vec()
}

fn dictionary(text: &[u8]) -> Option<Vec<u8>> {
    Dictionary::parse(lines(text)).ok().map(|field| written(|sink| field.serialize::<64>(sink).unwrap()))
}

fn list(text: &[u8]) -> Option<Vec<u8>> {
    List::parse(lines(text)).ok().map(|field| written(|sink| field.serialize::<64>(sink).unwrap()))
}

fn item(text: &[u8]) -> Option<Vec<u8>> {
    Item::parse(lines(text)).ok().map(|field| written(|sink| field.serialize::<64>(sink).unwrap()))
}

/// Generates text from random syntax elements, because the parser accepts such text far more often than
/// random bytes.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "a",
        "b1",
        "*",
        "=",
        ",",
        ";",
        " ",
        "\t",
        "(",
        ")",
        "\"x\"",
        "\"\\\"\"",
        "1",
        "-2.50",
        "?1",
        "?0",
        ":AQ==:",
        ":",
        "@7",
        "%\"%c3%bc\"",
        "%\"",
        "\"",
        "\\",
        "tok/en",
        "A",
        "0",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat().into_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4096))]

    #[test]
    fn arbitrary_bytes_are_parsed_or_rejected(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for parse in [dictionary, list, item] {
            if let Some(canonical) = parse(&bytes) {
                prop_assert!(canonical.is_ascii());
            }
        }
    }

    #[test]
    fn serialising_a_canonical_form_does_not_change_it(text in pieces()) {
        for parse in [dictionary, list, item] {
            if let Some(canonical) = parse(&text) {
                // An empty list is written as an empty line, and the parser accepts an empty line as an empty
                // list.
                prop_assert_eq!(parse(&canonical), Some(canonical));
            }
        }
    }

    #[test]
    fn several_lines_are_parsed_like_one_joined_line(parts in prop::collection::vec(pieces(), 1..4)) {
        let joined = parts.join(b", ".as_slice());
        let split = parts.iter().map(Vec::as_slice);
        if let Ok(field) = List::parse(split) {
            prop_assert_eq!(Some(written(|sink| field.serialize::<64>(sink).unwrap())), list(&joined));
        }
    }

    #[test]
    fn strings_are_parsed(text in "[ -~]{0,64}") {
        let field = format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")).into_bytes();
        let item = Item::parse(lines(&field)).unwrap();
        prop_assert_eq!(item.value.as_plain_string(), Some(&*text).filter(|text| !text.contains(['"', '\\'])));
        prop_assert_eq!(self::item(&field), Some(field));
    }

    #[test]
    fn byte_sequences_are_parsed(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut text = [0; 400];
        let length = STANDARD.encode_slice(&bytes, &mut text).unwrap();
        let field = [b":", &text[..length], b":"].concat();
        let BareItem::ByteSequence(sent) = Item::parse(lines(&field)).unwrap().value else { panic!("no bytes") };
        let mut room = [0; 300];
        prop_assert_eq!(sent.decode(&mut room), Some(&*bytes));
        prop_assert_eq!(sent.decode(&mut room[..bytes.len().saturating_sub(1)]).is_none(), !bytes.is_empty());
    }

    #[test]
    fn a_writer_reports_overflow(size in 0_usize..20, text in "[a-z]{0,20}") {
        let mut buffer = [0; 20];
        let mut writer = SliceWriter::new(&mut buffer[..size]);
        text.bytes().for_each(|byte| writer.put(&[byte]));
        prop_assert_eq!(writer.finish().is_some(), text.len() <= size);
    }
}

#[test]
fn zero_is_written_without_a_sign() {
    for (sent, canonical) in
        [("0.0", "0.0"), ("-0.0", "0.0"), ("0", "0"), ("-0", "0"), ("-0.5", "-0.5"), ("-1", "-1")]
    {
        assert_eq!(item(sent.as_bytes()).unwrap(), canonical.as_bytes(), "{sent}");
    }
}
