//! The head of a request as passed from JavaScript: a single string of parts, joined with line breaks or with
//! separate lengths.
//!
//! Node.js decodes received bytes as Latin-1, one character per byte, so the low bytes of a string are the
//! received bytes. JavaScript passes the number of joined header parts. If a part contains a line
//! break, the number of parts differs, and core rejects the head.

use napi::{JsString, JsStringLatin1};

use crate::error::{Code, Result};

/// Reads a head that was received, or that JavaScript has checked. Other heads are not allowed, because napi
/// truncates characters outside of Latin-1.
pub(crate) fn read(text: JsString<'_>) -> Result<JsStringLatin1<'_>> {
    text.into_latin1().map_err(|cause| Code::Config.error(cause.reason))
}

/// Appends a text to `head`. Returns `false` for a character outside of Latin-1. For heads with many parts
/// this is faster than checking them in JavaScript.
pub(crate) fn narrow_into(text: JsString<'_>, head: &mut Vec<u8>) -> Result<bool> {
    let units = text.into_utf16().map_err(|cause| Code::Config.error(cause.reason))?;
    let (_nul, units) = units.as_slice().split_last().unwrap_or((&0, &[]));
    head.clear();
    head.extend(units.iter().copied().map(low));
    let together = units.iter().fold(0, |together, unit| together | unit);
    Ok(together <= u16::from(u8::MAX))
}

/// Like [`narrow_into`], but a character outside of Latin-1 is an error.
pub(crate) fn whole_into(text: JsString<'_>, head: &mut Vec<u8>) -> Result<()> {
    let beyond = "a method, URL or header contains a character beyond latin-1; percent-encode it";
    if narrow_into(text, head)? { Ok(()) } else { Err(Code::Config.error(beyond)) }
}

/// Like [`whole_into`], but returns the bytes.
pub(crate) fn whole(text: JsString<'_>) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    whole_into(text, &mut head)?;
    Ok(head)
}

fn low(unit: u16) -> u8 {
    let [low, _] = unit.to_le_bytes();
    low
}

/// Splits a head whose parts are joined without separators. `lengths` contains the lengths of the first
/// parts, one per byte, starting with the lowest byte. Returns these parts and the remaining bytes.
pub(crate) fn cut<const N: usize>(mut head: &[u8], lengths: i64) -> Option<([&[u8]; N], &[u8])> {
    let mut lengths = u64::try_from(lengths).ok()?;
    let mut parts: [&[u8]; N] = [&[]; N];
    for part in &mut parts {
        (*part, head) = head.split_at_checked((lengths & 0xff) as usize)?;
        lengths >>= 8;
    }
    (lengths == 0).then_some((parts, head))
}
