//! The component `@query-param` (RFC 9421 section 2.2.8), which is a single query parameter. Its value is
//! decoded as form data and encoded again. Different encodings of the same value, such as `+` and `%20`,
//! therefore have the same signature.

#[cfg(test)]
mod tests;

use super::component::{Component, Part};
use super::covered::{CoveredComponents, MAX_COMPONENTS};
use super::derived::{is_origin_form, query};
use super::effort::{COMPONENT, Effort, QUERY_PARAMETER};
use super::problem::Problem;
use crate::bytes::sink::{Sink, SliceWriter};
use crate::bytes::{byte_class, percent};
use crate::structured_fields::display_string::decode_char;
use crate::wire::request::Request;

/// The maximum length of the encoded name of a covered parameter, in bytes.
pub(crate) const MAX_NAME_BYTES: usize = 256;

/// The covered parameters in a query, which are found in a single pass over the query.
#[derive(Debug)]
pub(crate) struct QueryParameters<'a> {
    /// The covered parameters, sorted by name.
    wanted: [Wanted<'a>; MAX_COMPONENTS],
    count: usize,
}

#[derive(Clone, Copy, Debug, Default)]
struct Wanted<'a> {
    name: &'a [u8],
    value: Option<&'a [u8]>,
}

impl<'a> QueryParameters<'a> {
    /// Finds the covered parameters in a request. If `of_request` is true, the signed message is a response,
    /// and the request is the one that it belongs to.
    #[cold]
    pub(crate) fn find(
        covered: &CoveredComponents<'a>,
        of_request: bool,
        request: &Request<'a>,
        effort: &mut Effort,
    ) -> Result<Self, Problem> {
        let names = covered.components().filter_map(|component| match component {
            Component { part: Part::QueryParam(name), of_request: of } if of == of_request => Some(name),
            _ => None,
        });
        if !is_origin_form(request.target) {
            return Err(Problem::Unsignable);
        }
        let mut found = Self { wanted: [Wanted::default(); MAX_COMPONENTS], count: 0 };
        for (slot, name) in found.wanted.iter_mut().zip(names) {
            if name.len() > MAX_NAME_BYTES {
                return Err(Problem::TooLarge);
            }
            slot.name = name.as_bytes();
            found.count += 1;
        }
        found.wanted_mut().sort_unstable_by_key(|wanted| wanted.name);
        let mut rest = query(request.target).unwrap_or_default();
        while let Some(parameter) = Parameter::next(&mut rest) {
            effort.spend(QUERY_PARAMETER)?;
            let Some(wanted) = found.find_sent(&parameter)? else { continue };
            if wanted.value.replace(parameter.value).is_some() {
                return Err(Problem::Ambiguous);
            }
        }
        Ok(found)
    }

    pub(crate) fn put(&self, sink: &mut dyn Sink, name: &str, effort: &mut Effort) -> Result<(), Problem> {
        let wanted = self.wanted.get(..self.count).unwrap_or_default();
        let at = wanted.binary_search_by_key(&name.as_bytes(), |wanted| wanted.name).ok();
        let wanted = at.and_then(|at| wanted.get(at));
        let value = wanted.and_then(|wanted| wanted.value).ok_or(Problem::Absent)?;
        effort.spend(COMPONENT)?;
        effort.sign(value, false, false)?;
        put_encoded(sink, value)
    }

    fn find_sent(&mut self, sent: &Parameter<'_>) -> Result<Option<&mut Wanted<'a>>, Problem> {
        if sent.is_plain {
            return Ok(self.find_encoded(sent.name));
        }
        let mut buffer = [0; MAX_NAME_BYTES];
        let mut writer = SliceWriter::new(&mut buffer);
        put_encoded(&mut writer, sent.name)?;
        // A name that does not fit into the buffer cannot be one of the covered names.
        Ok(writer.finish().and_then(|name| self.find_encoded(name)))
    }

    fn find_encoded(&mut self, name: &[u8]) -> Option<&mut Wanted<'a>> {
        let wanted = self.wanted_mut();
        let at = wanted.binary_search_by_key(&name, |wanted| wanted.name).ok()?;
        wanted.get_mut(at)
    }

    fn wanted_mut(&mut self) -> &mut [Wanted<'a>] {
        self.wanted.get_mut(..self.count).unwrap_or_default()
    }
}

/// A query parameter as sent.
struct Parameter<'a> {
    name: &'a [u8],
    /// Whether the name contains no encoded bytes and no bytes that must be encoded.
    is_plain: bool,
    value: &'a [u8],
}

impl<'a> Parameter<'a> {
    fn next(rest: &mut &'a [u8]) -> Option<Self> {
        loop {
            let plain = rest.iter().position(|byte| !byte_class::FORM.has(*byte)).unwrap_or(rest.len());
            let is_plain = matches!(rest.get(plain), None | Some(b'&' | b'='));
            let name =
                if is_plain { rest.get(..plain)? } else { until(rest, |byte| matches!(byte, b'&' | b'=')) };
            let after = rest.get(name.len()..)?;
            let value = after.strip_prefix(b"=").map(|after| until(after, |byte| byte == b'&'));
            let length = name.len() + value.map_or(0, |value| 1 + value.len());
            let is_last = rest.len() == length;
            *rest = rest.get(length + 1..).unwrap_or_default();
            if length > 0 {
                return Some(Self { name, is_plain, value: value.unwrap_or_default() });
            }
            if is_last {
                return None;
            }
        }
    }
}

fn until(text: &[u8], ends: impl Fn(u8) -> bool) -> &[u8] {
    text.split(|byte| ends(*byte)).next().unwrap_or(text)
}

/// Writes a name or value in its canonical encoding. Rejects bytes that are not UTF-8. A form decoder would
/// replace such bytes with U+FFFD, so different queries would have the same signature.
fn put_encoded(sink: &mut dyn Sink, part: &[u8]) -> Result<(), Problem> {
    #[cfg(test)]
    tests::count_decoded(part.len());
    let mut rest = part;
    while !rest.is_empty() {
        let plain = rest.iter().position(|byte| !byte_class::FORM.has(*byte)).unwrap_or(rest.len());
        if let Some((text, after)) = rest.split_at_checked(plain).filter(|_| plain > 0) {
            sink.put(text);
            rest = after;
        }
        let Some(byte) = next_decoded(&mut rest) else { break };
        if byte.is_ascii() {
            put_encoded_byte(sink, byte);
        } else {
            let character = decode_char(byte, || next_decoded(&mut rest)).ok_or(Problem::Unsignable)?;
            character.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| put_encoded_byte(sink, byte));
        }
    }
    Ok(())
}

fn put_encoded_byte(sink: &mut dyn Sink, byte: u8) {
    if byte_class::FORM.has(byte) {
        sink.put(&[byte]);
    } else {
        percent::put(sink, byte, b"0123456789ABCDEF");
    }
}

/// Decodes the next byte. A `%` that is not followed by two hex digits is returned unchanged.
fn next_decoded(rest: &mut &[u8]) -> Option<u8> {
    if let [b'%', high, low, tail @ ..] = *rest
        && let Some(byte) = percent::decode(*high, *low)
    {
        *rest = tail;
        return Some(byte);
    }
    let (first, tail) = rest.split_first()?;
    *rest = tail;
    Some(if *first == b'+' { b' ' } else { *first })
}
