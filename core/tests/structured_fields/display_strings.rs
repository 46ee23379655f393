//! Tests of display strings (RFC 9651 section 3.3.8) with all Unicode characters and with invalid UTF-8.

use proptest::prelude::{prop_assert_eq, proptest};
use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{BareItem, Item};

fn read(text: &str) -> Option<String> {
    let item = Item::parse(std::iter::once(text.as_bytes())).ok()?;
    let BareItem::DisplayString(string) = item.value else { return None };
    let mut buffer = [0; 4096];
    let mut writer = SliceWriter::new(&mut buffer);
    item.serialize::<1>(&mut writer).unwrap();
    assert_eq!(writer.finish().unwrap(), text.as_bytes(), "the text is in canonical form");
    Some(string.chars().collect())
}

fn written(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'%' | b'"' | ..=0x1f | 0x7f.. => format!("%{byte:02x}"),
        _ => char::from(byte).to_string(),
    };
    format!("%\"{}\"", text.bytes().map(byte).collect::<String>())
}

proptest! {
    #[test]
    fn any_text_is_parsed(text in "\\PC{0,40}") {
        prop_assert_eq!(read(&written(&text)), Some(text));
    }
}

#[test]
fn characters_of_each_utf8_length_are_parsed() {
    for text in ["\u{7f}", "\u{80}", "\u{7ff}", "\u{800}", "\u{ffff}", "\u{10000}", "\u{1f642}", "\u{10ffff}"]
    {
        assert_eq!(read(&written(text)).as_deref(), Some(text));
    }
}

#[test]
fn invalid_utf8_is_rejected() {
    let bad =
        ["%c0%80", "%ed%a0%80", "%f0%80%80%80", "%f4%90%80%80", "%f5%80%80%80", "%f0%9f%99", "%80", "%e2%82"];
    for bytes in bad {
        assert_eq!(read(&format!("%\"{bytes}\"")), None, "{bytes}");
    }
}
