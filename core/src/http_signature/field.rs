//! The values of header fields (RFC 9421 section 2.1).

use super::problem::Problem;
use super::registered_fields::{Type, known_type};
use crate::bytes::byte_class;
use crate::bytes::sink::Sink;
use crate::structured_fields::dictionary::Dictionary;
use crate::structured_fields::inner_list::Member;
use crate::structured_fields::item::Item;
use crate::structured_fields::lines::Lines;
use crate::structured_fields::list::List;
use crate::structured_fields::write::put_base64;
use crate::wire::request::Header;

/// The limits for canonical serialisation: the length in bytes, and the number of commas and semicolons. The
/// search for repeated keys uses no memory, so its time is quadratic in the number of keys.
const MAX_STRUCTURED_BYTES: usize = 4096;
const MAX_SEPARATORS: usize = 128;

/// Returns the lines of a field, in order.
pub(crate) fn lines<'a>(headers: &'a [Header<'a>], name: &'a str) -> impl Lines<'a> {
    headers.iter().filter(move |header| header.is(name)).map(|header| header.value)
}

pub(crate) fn put_joined(sink: &mut impl Sink, name: &str, headers: &[Header<'_>]) -> Result<(), Problem> {
    let mut put = 0;
    for line in lines(headers, name) {
        separate(sink, put, b", ");
        put_unfolded(sink, line)?;
        put += 1;
    }
    if put > 0 { Ok(()) } else { Err(Problem::Absent) }
}

pub(crate) fn put_bytes(sink: &mut impl Sink, name: &str, headers: &[Header<'_>]) -> Result<(), Problem> {
    for (index, line) in present(headers, name)?.enumerate() {
        separate(sink, index, b", ");
        sink.put(b":");
        put_base64(sink, unfolded_bytes(line));
        sink.put(b":");
    }
    Ok(())
}

pub(crate) fn put_structured(
    sink: &mut impl Sink,
    name: &str,
    headers: &[Header<'_>],
) -> Result<(), Problem> {
    let lines = bounded(present(headers, name)?)?;
    match known_type(name).ok_or(Problem::UnknownType)? {
        Type::Dictionary => Dictionary::parse(lines).map_err(|_| Problem::NotOfType)?.serialize(sink),
        Type::List => List::parse(lines).map_err(|_| Problem::NotOfType)?.serialize(sink),
        Type::Item => Item::parse(lines).map_err(|_| Problem::NotOfType)?.serialize(sink),
    }
    Ok(())
}

/// Writes a dictionary member. A field that is not in the registry can be an application's dictionary, so its
/// value is parsed as one.
pub(crate) fn put_member(
    sink: &mut impl Sink,
    name: &str,
    key: &str,
    headers: &[Header<'_>],
) -> Result<(), Problem> {
    if known_type(name).is_some_and(|known| known != Type::Dictionary) {
        return Err(Problem::NotOfType);
    }
    let lines = bounded(present(headers, name)?)?;
    let dictionary = Dictionary::parse(lines).map_err(|_| Problem::NotOfType)?;
    let member: Member<'_> = dictionary.get(key).ok_or(Problem::Absent)?;
    member.serialize(sink);
    Ok(())
}

fn present<'a>(headers: &'a [Header<'a>], name: &'a str) -> Result<impl Lines<'a>, Problem> {
    let lines = lines(headers, name);
    if lines.clone().next().is_some() { Ok(lines) } else { Err(Problem::Absent) }
}

fn bounded<'a, L: Lines<'a>>(lines: L) -> Result<L, Problem> {
    let (mut length, mut separators) = (0_usize, 0_usize);
    for line in lines.clone() {
        length = length.saturating_add(line.len());
        separators += 1 + line.iter().filter(|byte| matches!(byte, b',' | b';')).take(MAX_SEPARATORS).count();
    }
    if length > MAX_STRUCTURED_BYTES || separators > MAX_SEPARATORS {
        Err(Problem::TooLarge)
    } else {
        Ok(lines)
    }
}

/// Rejects line breaks, because a value with a line break could imitate further components.
fn put_unfolded(sink: &mut impl Sink, line: &[u8]) -> Result<(), Problem> {
    let text = trim(line);
    if byte_class::all(text, byte_class::field_text) {
        sink.put(text);
        return Ok(());
    }
    for (index, part) in unfolded(line).enumerate() {
        if !byte_class::all(part, byte_class::field_text) {
            return Err(Problem::Unsignable);
        }
        separate(sink, index, b" ");
        sink.put(part);
    }
    Ok(())
}

fn unfolded_bytes(line: &[u8]) -> impl Iterator<Item = u8> {
    unfolded(line).enumerate().flat_map(|(index, part)| {
        let space: &[u8] = if index > 0 { b" " } else { b"" };
        space.iter().chain(part).copied()
    })
}

/// Returns the parts between obsolete line folds (RFC 9112 section 5.2). A space is written after each part.
fn unfolded(line: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = Some(trim(line));
    core::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((before, after)) = split_at_fold(text) else { return Some(text) };
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
