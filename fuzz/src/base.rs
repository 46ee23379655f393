//! The fuzz target for signature bases. No part of a message may add a line to the signature base or imitate
//! another component.

use sealwire_core::http_signature::base::{Message, write_base};
use sealwire_core::http_signature::covered::CoveredComponents;
use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{Dictionary, Member};

use crate::wire::{Wire, cut};

const LONGEST: usize = 8192;

/// Checks that the signature base contains one line for each component. The first line of the input is a
/// `Signature-Input` value. The other lines are a request.
pub fn signature_base(data: &[u8]) {
    if data.len() > LONGEST {
        return;
    }
    let (input, rest) = cut(data, b'\n');
    let wire = Wire::read(rest);
    let Ok(field) = Dictionary::parse(std::iter::once(input)) else { return };
    for (_, member) in field.sent() {
        let Member::InnerList(list) = member else { continue };
        if let Ok(covered) = CoveredComponents::parse(list) {
            check(&covered, &wire);
        }
    }
}

fn check(covered: &CoveredComponents<'_>, wire: &Wire<'_>) {
    let mut buffer = vec![0; 1 << 20];
    let mut writer = SliceWriter::new(&mut buffer);
    if write_base(&mut writer, covered, &Message::Request(&wire.request())).is_err() {
        return;
    }
    let base = writer.finish().expect("the buffer is much larger than the message");
    let lines: Vec<&[u8]> = base.split(|byte| *byte == b'\n').collect();
    assert_eq!(
        lines.len(),
        covered.components().count() + 1,
        "the base has one line for each component and one for the parameters"
    );
    let names: Vec<&[u8]> = lines.iter().map(|line| name(line)).collect();
    for (at, one) in names.iter().enumerate() {
        assert!(!names[..at].contains(one), "a component is repeated");
    }
    assert_eq!(names.last(), Some(&b"\"@signature-params\"".as_slice()));
    assert!(!base.contains(&b'\r'), "the base contains a carriage return");
}

/// Returns the component identifier of a line, which is the text before the first `: ` that is not in quotes.
fn name(line: &[u8]) -> &[u8] {
    let (mut quoted, mut escaped) = (false, false);
    for (at, byte) in line.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            // The colons of a byte sequence are not followed by a space.
            b':' if !quoted && line.get(at + 1) == Some(&b' ') => return &line[..at],
            _ => {}
        }
    }
    panic!("a line of the base contains no component");
}
