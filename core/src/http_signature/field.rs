//! The values of header fields (RFC 9421 section 2.1).

use super::component::Form;
use super::effort::{COMPARED, COMPONENT, Effort};
use super::problem::Problem;
use super::registered_fields::{Type, known_type};
use crate::bytes::byte_class;
use crate::bytes::sink::{Sink, separate};
use crate::structured_fields::Lines;
use crate::structured_fields::dictionary::{Dictionary, entries};
use crate::structured_fields::item::Item;
use crate::structured_fields::list::List;
use crate::structured_fields::write::byte_sequence;
use crate::wire::request::Header;

/// The maximum number of keys in a field, or in one list of parameters, when it is written in canonical form.
/// Requests never reach this number, because they reach the limit on work first.
const MAX_KEYS: usize = 72;

/// Returns the lines of a field in the order received.
pub(crate) fn lines<'a>(headers: &'a [Header<'a>], name: &'a str) -> impl Lines<'a> {
    headers.iter().filter(move |header| header.is(name)).map(|header| header.value)
}

/// Writes the value of a field in the given form.
pub(crate) fn put(
    sink: &mut impl Sink,
    name: &str,
    form: &Form<'_>,
    headers: &[Header<'_>],
    effort: &mut Effort,
) -> Result<(), Problem> {
    effort.spend(COMPONENT)?;
    // A field that is not registered may still be a dictionary, if the application defines it as one.
    if matches!(form, Form::Member(_)) && known_type(name).is_some_and(|known| known != Type::Dictionary) {
        return Err(Problem::NotOfType);
    }
    let lines = present(headers, name, effort)?;
    match form {
        Form::Structured => put_structured(sink, name, lines, effort),
        Form::Member(key) => put_member(sink, key, lines, effort),
        Form::Joined => lines.enumerate().try_for_each(|(index, line)| {
            separate(sink, index, b", ");
            put_unfolded(sink, line, effort)
        }),
        Form::Bytes => lines.enumerate().try_for_each(|(index, line)| {
            separate(sink, index, b", ");
            let text = trim(line);
            effort.sign(text, true, is_folded(text))?;
            byte_sequence(sink, joined(text, is_folded(text)));
            Ok(())
        }),
    }
}

// This function is not inlined, because it uses 10 KiB of stack that most fields do not need.
#[inline(never)]
fn put_structured<'a>(
    sink: &mut dyn Sink,
    name: &str,
    lines: impl Lines<'a>,
    effort: &mut Effort,
) -> Result<(), Problem> {
    effort.parse(lines.clone())?;
    let not_of_type = |_| Problem::NotOfType;
    let written = match known_type(name).ok_or(Problem::UnknownType)? {
        Type::Dictionary => Dictionary::parse(lines).map_err(not_of_type)?.serialize::<MAX_KEYS>(sink),
        Type::List => List::parse(lines).map_err(not_of_type)?.serialize::<MAX_KEYS>(sink),
        Type::Item => Item::parse(lines).map_err(not_of_type)?.serialize::<MAX_KEYS>(sink),
    };
    written.map_err(|_| Problem::TooLarge)
}

// This function is not inlined, because it uses 10 KiB of stack that most fields do not need.
#[inline(never)]
fn put_member<'a>(
    sink: &mut dyn Sink,
    key: &str,
    lines: impl Lines<'a>,
    effort: &mut Effort,
) -> Result<(), Problem> {
    effort.parse(lines.clone())?;
    let mut wanted = None; // the last member with this key
    for entry in entries(lines) {
        let (sent, member) = entry.map_err(|_| Problem::NotOfType)?;
        if sent == key.as_bytes() {
            wanted = Some(member);
        }
    }
    wanted.ok_or(Problem::Absent)?.serialize::<MAX_KEYS>(sink).map_err(|_| Problem::TooLarge)
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

/// Writes a field line without obsolete line folds. Rejects other line breaks, because text after a line
/// break could look like another component.
fn put_unfolded(sink: &mut impl Sink, line: &[u8], effort: &mut Effort) -> Result<(), Problem> {
    let text = trim(line);
    let folded = is_folded(text);
    effort.sign(text, false, folded)?;
    for part in joined(text, folded) {
        if !byte_class::all(part, byte_class::field_text) {
            return Err(Problem::Unsignable);
        }
        sink.put(part);
    }
    Ok(())
}

/// Returns the parts of a value, with a space in place of each line fold.
fn joined(text: &[u8], is_folded: bool) -> impl Iterator<Item = &[u8]> {
    let separated = |(index, part)| [if index > 0 { b" " } else { b"".as_slice() }, part];
    unfolded(text, is_folded).enumerate().flat_map(separated)
}

/// Returns `true` if the value may contain obsolete line folds.
fn is_folded(text: &[u8]) -> bool {
    text.contains(&b'\r')
}

/// Returns the parts between obsolete line folds (RFC 9112 section 5.2).
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
