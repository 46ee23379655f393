//! `@query-param` (RFC 9421 section 2.2.8): one parameter of the query, decoded as a form and encoded again, so that
//! `+`, `%20` and the case of hex digits make no difference.

use super::derived::{is_origin_form, query};
use super::problem::Problem;
use crate::bytes::sink::Sink;
use crate::structured_fields::display_string::{decode_char, from_hex};
use crate::structured_fields::write::put_percent;
use crate::wire::request::Request;

pub(crate) fn put(sink: &mut impl Sink, name: &str, request: &Request<'_>) -> Result<(), Problem> {
    if !is_origin_form(request.target) {
        return Err(Problem::Unsignable);
    }
    let mut found = None;
    for (sent_name, value) in parameters(query(request.target).unwrap_or_default()) {
        if is_named(sent_name, name)? && found.replace(value).is_some() {
            return Err(Problem::Ambiguous);
        }
    }
    put_encoded(sink, found.ok_or(Problem::Absent)?)
}

fn parameters(query: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    query.split(|byte| *byte == b'&').filter(|part| !part.is_empty()).map(|part| {
        let end = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
        (part.get(..end).unwrap_or_default(), part.get(end + 1..).unwrap_or_default())
    })
}

fn is_named(sent_name: &[u8], name: &str) -> Result<bool, Problem> {
    let mut comparison = Comparison { expected: name.as_bytes(), differs: false };
    put_encoded(&mut comparison, sent_name)?;
    Ok(!comparison.differs && comparison.expected.is_empty())
}

/// Compares bytes with an expected name as they arrive, so that the name need not be stored.
struct Comparison<'a> {
    expected: &'a [u8],
    differs: bool,
}

impl Sink for Comparison<'_> {
    fn put(&mut self, bytes: &[u8]) {
        match self.expected.strip_prefix(bytes) {
            Some(rest) => self.expected = rest,
            None => self.differs = true,
        }
    }
}

/// The form standard reads bytes that are not UTF-8 as U+FFFD, which would give different queries one signature: they
/// are refused instead.
fn put_encoded(sink: &mut impl Sink, part: &[u8]) -> Result<(), Problem> {
    let mut rest = part;
    while let Some(first) = next_decoded(&mut rest) {
        let character = decode_char(first, || next_decoded(&mut rest)).ok_or(Problem::Unsignable)?;
        for byte in character.encode_utf8(&mut [0; 4]).bytes() {
            put_encoded_byte(sink, byte);
        }
    }
    Ok(())
}

fn put_encoded_byte(sink: &mut impl Sink, byte: u8) {
    if byte.is_ascii_alphanumeric() || b"*-._".contains(&byte) {
        sink.put(&[byte]);
    } else {
        put_percent(sink, byte, b"0123456789ABCDEF");
    }
}

/// A `%` without two hex digits is kept.
fn next_decoded(rest: &mut &[u8]) -> Option<u8> {
    if let [b'%', high, low, tail @ ..] = *rest
        && let Some(byte) = from_hex(*high, *low)
    {
        *rest = tail;
        return Some(byte);
    }
    let (first, tail) = rest.split_first()?;
    *rest = tail;
    Some(if *first == b'+' { b' ' } else { *first })
}
