//! The fuzz target for structured fields, which compares the parser with that of another library.

use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{Dictionary, Item, Lines, List};
use sfv::FieldType;

/// The buffer size in bytes. Because of percent-encoding and decimals, a canonical form can be longer than
/// the input.
const BUFFER_BYTES: usize = 64 * 1024;
/// The maximum input size in bytes, which is also the maximum number of keys.
const LONGEST: usize = 2048;

/// Checks that parsing the canonical form of a value and writing it again does not change it, and that the
/// other library writes the same canonical form.
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
    assert!(canonical.is_ascii(), "the canonical form is not ASCII");
    assert_eq!(again.as_deref(), Some(canonical), "parsing the canonical form again changes it");
    let theirs: T = sfv::Parser::new(sent).parse().expect("another parser accepts the same input");
    let theirs: Option<String> = theirs.serialize().into();
    // The canonical form of an empty list or dictionary is empty.
    assert_eq!(
        theirs.unwrap_or_default().as_bytes(),
        canonical,
        "another parser creates another canonical form"
    );
}

fn dictionary<'a>(lines: impl Lines<'a>) -> Option<Vec<u8>> {
    Dictionary::parse(lines).ok().map(|field| {
        written(|sink| field.serialize::<LONGEST>(sink).expect("a field has fewer keys than bytes"))
    })
}

fn list<'a>(lines: impl Lines<'a>) -> Option<Vec<u8>> {
    List::parse(lines).ok().map(|field| {
        written(|sink| field.serialize::<LONGEST>(sink).expect("a field has fewer keys than bytes"))
    })
}

fn item<'a>(lines: impl Lines<'a>) -> Option<Vec<u8>> {
    Item::parse(lines).ok().map(|field| {
        written(|sink| field.serialize::<LONGEST>(sink).expect("a field has fewer keys than bytes"))
    })
}

fn written(write: impl FnOnce(&mut SliceWriter<'_>)) -> Vec<u8> {
    let mut buffer = [0; BUFFER_BYTES];
    let mut writer = SliceWriter::new(&mut buffer);
    write(&mut writer);
    writer.finish().expect("the buffer is much larger than the input").to_vec()
}
