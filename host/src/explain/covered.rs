//! The components that a `message` signature covers.

use sealwire_core::http_signature::base::{Message, write_base};
use sealwire_core::http_signature::covered::CoveredComponents;
use sealwire_core::http_signature::{ComponentError, Form, Part};
use sealwire_core::message::SIGNATURE_INPUT;
use sealwire_core::sink::Sink;
use sealwire_core::structured_fields::{Dictionary, Member};

use super::bench::Bench;
use super::capture::Captured;

/// What `Signature-Input` covers.
#[derive(Debug, Default)]
pub(super) struct Coverage {
    /// The names of the covered header fields.
    pub(super) fields: Vec<String>,
    /// The component that cannot be written to the signature base, with the problem.
    pub(super) error: Option<ComponentError>,
}

struct Nothing;

impl Sink for Nothing {
    fn put(&mut self, _: &[u8]) {}
}

/// Reads the components of all signatures of Sealwire.
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
