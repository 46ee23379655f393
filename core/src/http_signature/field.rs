//! The values of header fields (RFC 9421 section 2.1).

use super::effort::{COMPARED, Effort};
use super::problem::Problem;
use super::registered_fields::{Type, known_type};
use crate::bytes::byte_class;
use crate::bytes::sink::Sink;
use crate::structured_fields::dictionary::Dictionary;
use crate::structured_fields::inner_list::Member;
use crate::structured_fields::item::Item;
use crate::structured_fields::lines::Lines;
use crate::structured_fields::list::List;
use crate::structured_fields::visit::Visitor;
use crate::structured_fields::write::{byte_sequence, put_base64};
use crate::wire::request::Header;

/// The maximum number of keys in a field, or in one list of parameters, in canonical form. The limit on work
/// is usually reached earlier.
const MAX_KEYS: usize = 128;

/// Returns the lines of a field, in order.
pub(crate) fn lines<'a>(headers: &'a [Header<'a>], name: &'a str) -> impl Lines<'a> {
    headers.iter().filter(move |header| header.is(name)).map(|header| header.value)
}

pub(crate) fn put_joined(
    sink: &mut impl Sink,
    name: &str,
    headers: &[Header<'_>],
    effort: &mut Effort,
) -> Result<(), Problem> {
    for (index, line) in present(headers, name, effort)?.enumerate() {
        separate(sink, index, b", ");
        put_unfolded(sink, line, effort)?;
    }
    Ok(())
}

pub(crate) fn put_bytes(
    sink: &mut impl Sink,
    name: &str,
    headers: &[Header<'_>],
    effort: &mut Effort,
) -> Result<(), Problem> {
    for (index, line) in present(headers, name, effort)?.enumerate() {
        separate(sink, index, b", ");
        let text = trim(line);
        effort.sign(text, true, is_folded(text))?;
        if is_folded(text) {
            sink.put(b":");
            put_base64(sink, unfolded_bytes(text));
            sink.put(b":");
        } else {
            byte_sequence(sink, text);
        }
    }
    Ok(())
}

pub(crate) fn put_structured(
    sink: &mut impl Sink,
    name: &str,
    headers: &[Header<'_>],
    effort: &mut Effort,
) -> Result<(), Problem> {
    let lines = present(headers, name, effort)?;
    effort.parse(lines.clone())?;
    let written = match known_type(name).ok_or(Problem::UnknownType)? {
        Type::Dictionary => {
            Dictionary::parse(lines).map_err(|_| Problem::NotOfType)?.serialize::<MAX_KEYS>(sink)
        }
        Type::List => List::parse(lines).map_err(|_| Problem::NotOfType)?.serialize::<MAX_KEYS>(sink),
        Type::Item => Item::parse(lines).map_err(|_| Problem::NotOfType)?.serialize::<MAX_KEYS>(sink),
    };
    written.map_err(|_| Problem::TooLarge)
}

/// Writes a dictionary member. A field that is not in the registry can be an application's dictionary, so its
/// value is parsed as one.
pub(crate) fn put_member(
    sink: &mut impl Sink,
    name: &str,
    key: &str,
    headers: &[Header<'_>],
    effort: &mut Effort,
) -> Result<(), Problem> {
    if known_type(name).is_some_and(|known| known != Type::Dictionary) {
        return Err(Problem::NotOfType);
    }
    let lines = present(headers, name, effort)?;
    effort.parse(lines.clone())?;
    let mut wanted = Wanted { key: key.as_bytes(), member: None };
    Dictionary::visit(lines, &mut wanted).map_err(|_| Problem::NotOfType)?;
    let member = wanted.member.ok_or(Problem::Absent)?;
    member.serialize::<MAX_KEYS>(sink).map_err(|_| Problem::TooLarge)
}

/// The last member with this key.
struct Wanted<'a> {
    key: &'a [u8],
    member: Option<Member<'a>>,
}

impl<'a> Visitor<'a> for Wanted<'a> {
    fn member(&mut self, key: &'a [u8], member: Member<'a>) -> Result<(), &'static str> {
        if key == self.key {
            self.member = Some(member);
        }
        Ok(())
    }
}

fn present<'a>(
    headers: &'a [Header<'a>],
    name: &'a str,
    effort: &mut Effort,
) -> Result<impl Lines<'a> + use<'a>, Problem> {
    let (mut first, mut end) = (None, 0);
    effort.spend(headers.len())?;
    for (at, header) in headers.iter().enumerate().filter(|(_, header)| header.may_be(name)) {
        effort.spend(COMPARED)?;
        if header.is(name) {
            first = first.or(Some(at));
            end = at + 1;
        }
    }
    let found = headers.get(first.ok_or(Problem::Absent)?..end).unwrap_or_default();
    Ok(lines(found, name))
}

/// Rejects line breaks, because a value with a line break could imitate further components.
fn put_unfolded(sink: &mut impl Sink, line: &[u8], effort: &mut Effort) -> Result<(), Problem> {
    let text = trim(line);
    let folded = is_folded(text);
    effort.sign(text, false, folded)?;
    for (index, part) in unfolded(text, folded).enumerate() {
        if !byte_class::all(part, byte_class::field_text) {
            return Err(Problem::Unsignable);
        }
        separate(sink, index, b" ");
        sink.put(part);
    }
    Ok(())
}

fn unfolded_bytes(text: &[u8]) -> impl Iterator<Item = u8> {
    unfolded(text, true).enumerate().flat_map(|(index, part)| {
        let space: &[u8] = if index > 0 { b" " } else { b"" };
        space.iter().chain(part).copied()
    })
}

/// Returns `true` if the value may have obsolete line folds.
fn is_folded(text: &[u8]) -> bool {
    text.contains(&b'\r')
}

/// Returns the parts between obsolete line folds (RFC 9112 section 5.2). A space is written after each part.
fn unfolded(text: &[u8], is_folded: bool) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((before, after)) = is_folded.then(|| split_at_fold(text)).flatten() else {
            return Some(text);
        };
        rest = Some(trim(after));
        Some(trim(before))
    })
}

fn split_at_fold(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let fold = text.windows(3).position(|window| matches!(window, [b'\r', b'\n', b' ' | b'\t']))?;
    Some((text.get(..fold)?, text.get(fold + 2..)?))
}

fn trim(text: &[u8]) -> &[u8] {
    let is_text = |byte: &u8| !matches!(byte, b' ' | b'\t');
    let start = text.iter().position(is_text).unwrap_or(text.len());
    let end = text.iter().rposition(is_text).map_or(start, |last| last + 1);
    text.get(start..end).unwrap_or_default()
}

fn separate(sink: &mut impl Sink, index: usize, separator: &[u8]) {
    if index > 0 {
        sink.put(separator);
    }
}
