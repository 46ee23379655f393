//! Hypotheses about the body: it was reserialised or compressed, or its line breaks or its character encoding
//! were changed.

use miniz_oxide::inflate::{decompress_to_vec_with_limit, decompress_to_vec_zlib_with_limit};

use super::super::capture::Captured;
use super::{Edit, What, json_text, queries};

/// The maximum size in bytes of a body for which reserialised forms are tried.
const MAX_PARSED_BYTES: usize = 64 << 10;
/// The maximum size in bytes of a body for which hypotheses are generated.
const MAX_CHANGED_BYTES: usize = 4 << 20;
const MAX_INFLATED_BYTES: usize = 16 << 20;

/// Returns the hypotheses about the body.
pub(in super::super) fn bodies(request: &Captured) -> Vec<Edit> {
    let Some(body) = request.body.as_deref().filter(|body| body.len() <= MAX_CHANGED_BYTES) else {
        return Vec::new();
    };
    let mut found: Vec<(&str, Vec<u8>)> = Vec::new();
    let line_break = |found: &mut Vec<_>| {
        for end in ["\n", "\r\n"] {
            found
                .push(("the line break at the end of the body was removed", [body, end.as_bytes()].concat()));
            if let Some(rest) = body.strip_suffix(end.as_bytes()) {
                found.push(("a line break was added to the end of the body", rest.to_vec()));
            }
        }
    };
    line_break(&mut found);
    found.push(("a line break was added to the end of the body", body.trim_ascii_end().to_vec()));
    found.push(("the line breaks of the body were changed to CR LF", replaced(body, b"\r\n", b"\n")));
    found.push(("the line breaks of the body were changed to LF", replaced(body, b"\n", b"\r\n")));
    found.push(("a byte order mark was removed from the body", [b"\xef\xbb\xbf", body].concat()));
    found.push((
        "a byte order mark was added to the body",
        body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body).to_vec(),
    ));
    for inflated in [gunzipped(body), decompress_to_vec_zlib_with_limit(body, MAX_INFLATED_BYTES).ok()] {
        let sentence = "the body was compressed after it was signed; sign the bytes that are sent";
        found.extend(inflated.map(|inflated| (sentence, inflated)));
    }
    if body.len() <= MAX_PARSED_BYTES
        && let Ok(text) = core::str::from_utf8(body)
    {
        let again = "the body was parsed and serialised again, so its bytes differ from the signed bytes";
        found.extend(json_text::spellings(text).into_iter().map(|other| (again, other.into_bytes())));
        if text.contains('=') && !text.contains(['{', '<', '\n']) {
            found.extend(queries::spellings(text).into_iter().map(|(_, other)| (again, other.into_bytes())));
        }
        if let Some(latin1) = text.chars().map(|letter| u8::try_from(letter).ok()).collect::<Option<Vec<_>>>()
        {
            found.push(("the character encoding of the body was changed", latin1));
        }
    }
    let utf8: String = body.iter().map(|byte| char::from(*byte)).collect();
    found.push(("the character encoding of the body was changed", utf8.into_bytes()));
    found.push(("the body was added in transit, or the sender did not sign it", Vec::new()));
    let edits = found.into_iter().filter(|(_, other)| other != body);
    edits.map(|(sentence, other)| Edit::new("body", sentence, What::Body(other))).collect()
}

fn replaced(body: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut changed = Vec::with_capacity(body.len());
    let mut rest = body;
    while !rest.is_empty() {
        match rest.strip_prefix(from) {
            Some(after) => {
                changed.extend_from_slice(to);
                rest = after;
            }
            None => {
                let (first, after) = rest.split_at_checked(1).unwrap_or((rest, &[]));
                changed.extend_from_slice(first);
                rest = after;
            }
        }
    }
    changed
}

/// Decompresses gzip data (RFC 1952) that consists of a single member.
fn gunzipped(body: &[u8]) -> Option<Vec<u8>> {
    let (&[0x1f, 0x8b, 8, flags, _, _, _, _, _, _], mut rest) = body.split_first_chunk::<10>()? else {
        return None;
    };
    if flags & 4 != 0 {
        let ([low, high], after) = rest.split_first_chunk::<2>()?;
        rest = after.get(usize::from(u16::from_le_bytes([*low, *high]))..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            rest = rest.get(rest.iter().position(|byte| *byte == 0)? + 1..)?;
        }
    }
    if flags & 2 != 0 {
        rest = rest.get(2..)?;
    }
    decompress_to_vec_with_limit(rest, MAX_INFLATED_BYTES).ok()
}
