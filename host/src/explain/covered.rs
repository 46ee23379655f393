//! Determines which components a `message` signature covers.

use sealwire_core::http_signature::base::{Message, write_base};
use sealwire_core::http_signature::covered::CoveredComponents;
use sealwire_core::http_signature::{ComponentError, Form, Part};
use sealwire_core::mac::{HmacSha256Stream, Mac};
use sealwire_core::message::{SIGNATURE, SIGNATURE_INPUT};
use sealwire_core::sink::Sink;
use sealwire_core::structured_fields::{BareItem, Dictionary, Member};

use super::bench::Bench;
use super::capture::Captured;

/// The components listed in the header `Signature-Input`.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// The names of the covered header fields.
    pub(super) fields: Vec<String>,
    /// The error for the first covered component that cannot be written to the signature base.
    pub(super) error: Option<ComponentError>,
}

/// Returns `true` if a signature is valid for the components that it lists, which proves that the sender
/// signed exactly these components. The policy of the verifier is not applied.
pub(super) fn is_signed_as_named(bench: &Bench<'_>, captured: &Captured) -> bool {
    let (Some(input), Some(signature)) = (captured.header(SIGNATURE_INPUT), captured.header(SIGNATURE))
    else {
        return false;
    };
    let parse = |text| Dictionary::parse(core::iter::once(str::as_bytes(text))).ok();
    let Some((inputs, signatures)) = parse(input).zip(parse(signature)) else { return false };
    bench.with_request(captured, |request| {
        inputs.sent().any(|(label, member)| {
            let Member::InnerList(list) = member else { return false };
            let Ok(covered) = CoveredComponents::parse(list) else { return false };
            let mut base = Vec::new();
            let written = write_base(&mut Bytes(&mut base), &covered, &Message::Request(request));
            let mut parameters = list.parameters.sent();
            let key = parameters.find(|(name, _)| *name == b"keyid").and_then(|(_, id)| id.as_plain_string());
            let received = signatures.sent().find(|(other, _)| *other == label);
            let received = received.and_then(|(_, member)| mac(member));
            let (Ok(()), Some(key), Some(received)) = (written, key, received) else { return false };
            bench.key(key).is_some_and(|key| {
                let mut stream = HmacSha256Stream::<1>::idle();
                stream.begin([key.mac()]);
                stream.update(&base);
                stream.find(&received).is_some()
            })
        })
    })
}

fn mac(member: Member<'_>) -> Option<Mac> {
    let Member::Item(item) = member else { return None };
    let mut bytes = [0; 32];
    let BareItem::ByteSequence(sequence) = item.value else { return None };
    let length = sequence.decode(&mut bytes)?.len();
    (length == bytes.len()).then_some(Mac::from_bytes(bytes))
}

struct Bytes<'b>(&'b mut Vec<u8>);

impl Sink for Bytes<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

struct Nothing;

impl Sink for Nothing {
    fn put(&mut self, _: &[u8]) {}
}

/// Returns the components that the signatures of a request cover.
pub(super) fn coverage(bench: &Bench<'_>, captured: &Captured) -> Coverage {
    let mut coverage = Coverage::default();
    let Some(value) = captured.header(SIGNATURE_INPUT) else { return coverage };
    let Ok(signatures) = Dictionary::parse(core::iter::once(value.as_bytes())) else { return coverage };
    bench.with_request(captured, |request| {
        for (_, member) in signatures.sent() {
            let Member::InnerList(list) = member else { continue };
            let Ok(covered) = CoveredComponents::parse(list) else { continue };
            for component in covered.components().filter(|component| !component.of_request) {
                if let Part::Field(name, Form::Joined | Form::Structured | Form::Bytes | Form::Member(_)) =
                    component.part
                {
                    coverage.fields.push(name.to_owned());
                }
            }
            let written = write_base(&mut Nothing, &covered, &Message::Request(request));
            coverage.error = coverage.error.or(written.err());
        }
    });
    coverage
}
