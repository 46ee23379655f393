//! Reads a request head, which the JavaScript code passes as a single string. The parts of the head are either
//! joined with line breaks, or concatenated, with their lengths in a separate argument.
//!
//! Node.js decodes received headers as Latin-1, with one character per byte. The low byte of each character is
//! therefore the received byte. The JavaScript code also passes the number of header parts that it has joined.
//! If a part contains a line break, the actual number of parts is larger, and the core crate rejects the head.

use napi::{JsString, JsStringLatin1};

use crate::error::{Code, Result};

/// Reads a string as Latin-1. Use this function only for received heads, or after the JavaScript code has
/// checked the characters, because napi truncates characters outside Latin-1.
pub(crate) fn read(text: JsString<'_>) -> Result<JsStringLatin1<'_>> {
    text.into_latin1().map_err(|cause| Code::Config.error(cause.reason))
}

/// Writes a string to `head` as Latin-1. Returns `false` if it contains a character outside Latin-1. For heads
/// with many parts, this check is faster than a check in JavaScript.
pub(crate) fn narrow_into(text: JsString<'_>, head: &mut Vec<u8>) -> Result<bool> {
    let units = text.into_utf16().map_err(|cause| Code::Config.error(cause.reason))?;
    let (_nul, units) = units.as_slice().split_last().unwrap_or((&0, &[]));
    head.clear();
    head.extend(units.iter().copied().map(low));
    let together = units.iter().fold(0, |together, unit| together | unit);
    Ok(together <= u16::from(u8::MAX))
}

/// Like [`narrow_into`], but a character outside Latin-1 is an error.
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

/// Splits a head whose parts are concatenated without separators. Each byte of `lengths`, starting with the
/// lowest, contains the length of one of the first `N` parts. Returns these parts and the remaining bytes.
pub(crate) fn cut<const N: usize>(mut head: &[u8], lengths: i64) -> Option<([&[u8]; N], &[u8])> {
    let mut lengths = u64::try_from(lengths).ok()?;
    let mut parts: [&[u8]; N] = [&[]; N];
    for part in &mut parts {
        (*part, head) = head.split_at_checked((lengths & 0xff) as usize)?;
        lengths >>= 8;
    }
    (lengths == 0).then_some((parts, head))
}
