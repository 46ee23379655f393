//! The signature base of a `message` signature (RFC 9421 section 2.5), for tools that explain signatures.

use sealwire_core::http_signature::base::{Message, write_base};
use sealwire_core::http_signature::covered::CoveredComponents;
use sealwire_core::sink::Sink;
use sealwire_core::structured_fields::{Dictionary, Member};
use sealwire_core::{Request, message};

use crate::error::{Code, Result};
use crate::memory::{call, cut, utf8};
use crate::shared::parts::Parts;

/// Writes the signature base of a request. The input contains the request head (method, target, authority,
/// scheme and header lines), the value of the [`message::SIGNATURE_INPUT`] header, and the signature label.
#[unsafe(no_mangle)]
extern "C" fn sealwire_signature_base(head: usize, fields: u32, parameters: usize, label: usize) -> i32 {
    call(|input, output| {
        let [head, parameters, label] = cut(input, [head, parameters, label])?;
        write(head, fields, parameters, utf8(label)?, &mut Base(output))?;
        Ok(0)
    })
}

fn write(head: &[u8], fields: u32, parameters: &[u8], label: &str, base: &mut Base<'_>) -> Result<()> {
    let wrong = |what: &str| Code::Sign.error(format_args!("no signature base: {what}"));
    let mut parts = Parts::of(head);
    let taken = parts.take().zip(parts.headers(fields));
    let ([method, target, authority, scheme], headers) =
        taken.ok_or_else(|| wrong("the head is not complete"))?;
    let request = Request { method, target, authority, scheme, headers: &headers };
    let signatures = Dictionary::parse(core::iter::once(parameters))
        .map_err(|_| wrong(&format!("{} is not a dictionary", message::SIGNATURE_INPUT)))?;
    let Some(Member::InnerList(list)) = signatures.get(label) else {
        return Err(wrong(&format!("{} has no list with this label", message::SIGNATURE_INPUT)));
    };
    let covered = CoveredComponents::parse(list).map_err(|_| wrong("a covered component is not valid"))?;
    write_base(base, &covered, &Message::Request(&request))
        .map_err(|_| wrong("the request lacks a covered component"))
}

struct Base<'a>(&'a mut Vec<u8>);

impl Sink for Base<'_> {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}
