//! `@query-param` (RFC 9421 section 2.2.8): a single query parameter. The value is decoded as form data and
//! encoded again, so `+`, `%20` and the case of hex digits make no difference.

#[cfg(test)]
mod tests;

use super::component::{Component, Part};
use super::covered::{CoveredComponents, MAX_COMPONENTS};
use super::derived::{is_origin_form, query};
use super::problem::Problem;
use crate::bytes::sink::Sink;
use crate::structured_fields::display_string::{decode_char, from_hex};
use crate::structured_fields::write::put_percent;
use crate::wire::request::Request;

/// The covered parameters of a query, found in a single pass.
#[derive(Debug)]
pub(crate) struct QueryParameters<'a> {
    /// Sorted by name.
    wanted: [Wanted<'a>; MAX_COMPONENTS],
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Wanted<'a> {
    name: &'a [u8],
    value: Option<&'a [u8]>,
    is_repeated: bool,
}

impl<'a> QueryParameters<'a> {
    /// Finds the covered parameters in a request. The request is the signed message or, with `of_request`,
    /// the request that a response belongs to.
    #[cold]
    pub(crate) fn find(
        covered: &CoveredComponents<'a>,
        of_request: bool,
        request: &Request<'a>,
    ) -> Result<Self, Problem> {
        let names = covered.components().filter_map(|component| match component {
            Component { part: Part::QueryParam(name), of_request: of } if of == of_request => Some(name),
            _ => None,
        });
        Self::named(names, request)
    }

    fn named(names: impl Iterator<Item = &'a str>, request: &Request<'a>) -> Result<Self, Problem> {
        if !is_origin_form(request.target) {
            return Err(Problem::Unsignable);
        }
        let mut found = Self { wanted: [Wanted::default(); MAX_COMPONENTS], count: 0 };
        for (slot, name) in found.wanted.iter_mut().zip(names) {
            slot.name = name.as_bytes();
            found.count += 1;
        }
        found.wanted_mut().sort_unstable_by_key(|wanted| wanted.name);
        for (sent_name, value) in parameters(query(request.target).unwrap_or_default()) {
            let mut search = Search { candidates: found.wanted_mut(), length: 0 };
            put_encoded(&mut search, sent_name)?;
            if let Some(wanted) = search.result() {
                wanted.is_repeated |= wanted.value.replace(value).is_some();
            }
        }
        Ok(found)
    }

    pub(crate) fn put(&self, sink: &mut impl Sink, name: &str) -> Result<(), Problem> {
        let wanted = self.wanted.iter().take(self.count).find(|wanted| wanted.name == name.as_bytes());
        match wanted {
            Some(Wanted { is_repeated: true, .. }) => Err(Problem::Ambiguous),
            Some(Wanted { value: Some(value), .. }) => put_encoded(sink, value),
            _ => Err(Problem::Absent),
        }
    }

    fn wanted_mut(&mut self) -> &mut [Wanted<'a>] {
        self.wanted.get_mut(..self.count).unwrap_or_default()
    }
}

pub(crate) fn put(sink: &mut impl Sink, name: &str, request: &Request<'_>) -> Result<(), Problem> {
    QueryParameters::named(core::iter::once(name), request)?.put(sink, name)
}

fn parameters(query: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    query.split(|byte| *byte == b'&').filter(|part| !part.is_empty()).map(|part| {
        let end = part.iter().position(|byte| *byte == b'=').unwrap_or(part.len());
        (part.get(..end).unwrap_or_default(), part.get(end + 1..).unwrap_or_default())
    })
}

/// A search for a name in a sorted list, one byte at a time, so the decoded name is not stored. The number of
/// steps does not depend on the number of names with a common prefix.
struct Search<'w, 'a> {
    /// The names that start with the bytes read so far.
    candidates: &'w mut [Wanted<'a>],
    length: usize,
}

impl<'w, 'a> Search<'w, 'a> {
    fn result(self) -> Option<&'w mut Wanted<'a>> {
        self.candidates.first_mut().filter(|wanted| wanted.name.len() == self.length)
    }

    fn narrow(&mut self, byte: u8) {
        let next = |wanted: &Wanted<'a>| wanted.name.get(self.length).copied();
        let all_continue = [self.candidates.first(), self.candidates.last()]
            .iter()
            .all(|end| end.is_some_and(|wanted| next(wanted) == Some(byte)));
        if !all_continue {
            let start = self.candidates.partition_point(|wanted| next(wanted) < Some(byte));
            let end = self.candidates.partition_point(|wanted| next(wanted) <= Some(byte));
            self.candidates = core::mem::take(&mut self.candidates).get_mut(start..end).unwrap_or_default();
        }
        self.length += 1;
    }
}

impl Sink for Search<'_, '_> {
    fn put(&mut self, bytes: &[u8]) {
        for byte in bytes {
            if self.candidates.is_empty() {
                return;
            }
            self.narrow(*byte);
        }
    }
}

/// Writes an encoded part, or rejects bytes that are not UTF-8. The form standard would replace them by
/// U+FFFD, so different queries would have the same signature.
fn put_encoded(sink: &mut impl Sink, part: &[u8]) -> Result<(), Problem> {
    #[cfg(test)]
    tests::count_decoded(part.len());
    let mut rest = part;
    while !rest.is_empty() {
        let plain = rest.iter().position(|byte| !is_plain(*byte)).unwrap_or(rest.len());
        if let Some((text, after)) = rest.split_at_checked(plain).filter(|_| plain > 0) {
            sink.put(text);
            rest = after;
        } else if let Some(first) = next_decoded(&mut rest) {
            let character = decode_char(first, || next_decoded(&mut rest)).ok_or(Problem::Unsignable)?;
            for byte in character.encode_utf8(&mut [0; 4]).bytes() {
                put_encoded_byte(sink, byte);
            }
        }
    }
    Ok(())
}

/// Returns `true` for bytes that form encoding does not change.
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"*-._".contains(&byte)
}

fn put_encoded_byte(sink: &mut impl Sink, byte: u8) {
    if is_plain(byte) {
        sink.put(&[byte]);
    } else {
        put_percent(sink, byte, b"0123456789ABCDEF");
    }
}

/// Decodes the next byte. A `%` that is not followed by two hex digits is kept.
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
