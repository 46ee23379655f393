//! Structured fields, compared with another parser and with their canonical form.

use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{Dictionary, Item, Lines, List};
use sfv::FieldType;

/// The buffer size. A canonical form can be longer than the input because of percent-encoding and decimals.
const BUFFER_BYTES: usize = 64 * 1024;
/// The maximum input size. An input has fewer keys than bytes.
const LONGEST: usize = 2048;

/// Checks that a parsed value has one canonical form, and that another parser reads and writes it in the same
/// way.
pub fn structured_fields(data: &[u8]) {
    if data.len() > LONGEST {
        return;
    }
    let lines = data.split(|byte| *byte == b'\n');
    let joined = lines.clone().collect::<Vec<_>>().join(b", ".as_slice());
    if let Some(canonical) = dictionary(lines.clone()) {
        let again = dictionary(std::iter::once(&*canonical));
        check::<sfv::Dictionary>(&canonical, again, &joined);
    }
    if let Some(canonical) = list(lines.clone()) {
        let again = list(std::iter::once(&*canonical));
        check::<sfv::List>(&canonical, again, &joined);
    }
    if let Some(canonical) = item(lines) {
        let again = item(std::iter::once(&*canonical));
        check::<sfv::Item>(&canonical, again, &joined);
    }
}

fn check<T: FieldType>(canonical: &[u8], again: Option<Vec<u8>>, sent: &[u8]) {
    assert!(canonical.is_ascii(), "the canonical form is ASCII");
    assert_eq!(again.as_deref(), Some(canonical), "the canonical form is its own canonical form");
    let theirs: T = sfv::Parser::new(sent).parse().expect("another parser accepts the same input");
    let theirs: Option<String> = theirs.serialize().into();
    // An empty list or dictionary is written as nothing.
    assert_eq!(theirs.unwrap_or_default().as_bytes(), canonical, "another parser reads it in the same way");
}

fn dictionary<'a>(lines: impl Lines<'a>) -> Option<Vec<u8>> {
    Dictionary::parse(lines).ok().map(|field| {
        written(|sink| field.serialize::<LONGEST>(sink).expect("no field has a key for each byte"))
    })
}

fn list<'a>(lines: impl Lines<'a>) -> Option<Vec<u8>> {
    List::parse(lines).ok().map(|field| {
        written(|sink| field.serialize::<LONGEST>(sink).expect("no field has a key for each byte"))
    })
}

fn item<'a>(lines: impl Lines<'a>) -> Option<Vec<u8>> {
    Item::parse(lines).ok().map(|field| {
        written(|sink| field.serialize::<LONGEST>(sink).expect("no field has a key for each byte"))
    })
}

fn written(write: impl FnOnce(&mut SliceWriter<'_>)) -> Vec<u8> {
    let mut buffer = [0; BUFFER_BYTES];
    let mut writer = SliceWriter::new(&mut buffer);
    write(&mut writer);
    writer.finish().expect("the canonical form is not much longer").to_vec()
}
