//! Canonical serialisation of single values (RFC 9651 section 4.1), to compose a field.
//!
//! Each function writes the complete value, or nothing if the value is invalid. The caller writes the
//! separators: `, ` between members, a space between items of an inner list, `;` before the key of a
//! parameter and `=` after it.

use super::number::Decimal;
use super::text::{is_key_byte, is_key_start, is_string_byte, is_token_byte, is_token_start};
use crate::bytes::sink::Sink;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const MAX_INTEGER: u64 = 999_999_999_999_999;
const MAX_THOUSANDTHS: u64 = 999_999_999_999_999;

/// The error for a value that a structured field cannot contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unserializable {
    /// The required kind of value, as a noun.
    pub expected: &'static str,
}

impl core::fmt::Display for Unserializable {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "a structured field can only carry {} here", self.expected)
    }
}

impl core::error::Error for Unserializable {}

/// Writes the key of a parameter or dictionary member.
///
/// # Errors
/// [`Unserializable`] if the key does not start with a lower-case letter or `*`, or contains characters other
/// than lower-case letters, digits, `_`, `-`, `.` and `*`.
pub fn key(sink: &mut impl Sink, key: &str) -> Result<(), Unserializable> {
    let is_key = key.bytes().next().is_some_and(is_key_start) && key.bytes().all(is_key_byte);
    put_if(is_key, sink, key, "a key of lower-case letters, digits and '_-.*'")
}

/// Writes an integer.
///
/// # Errors
/// [`Unserializable`] if the number has more than 15 digits.
pub fn integer(sink: &mut impl Sink, number: i64) -> Result<(), Unserializable> {
    check(number.unsigned_abs() <= MAX_INTEGER, "an integer of at most 15 digits")?;
    put_integer(sink, number);
    Ok(())
}

/// Writes a decimal with one to three decimal places.
///
/// # Errors
/// [`Unserializable`] if the integer part has more than 12 digits.
pub fn decimal(sink: &mut impl Sink, number: Decimal) -> Result<(), Unserializable> {
    check(
        number.thousandths.unsigned_abs() <= MAX_THOUSANDTHS,
        "a decimal of at most 12 digits before the point",
    )?;
    put_decimal(sink, number);
    Ok(())
}

/// Writes a string with quotes and escapes.
///
/// # Errors
/// [`Unserializable`] if the text contains characters other than visible ASCII and space.
pub fn string(sink: &mut impl Sink, text: &str) -> Result<(), Unserializable> {
    check(text.bytes().all(is_string_byte), "a string of visible ASCII and spaces")?;
    sink.put(b"\"");
    for part in text.as_bytes().split_inclusive(|byte| matches!(byte, b'"' | b'\\')) {
        match part.split_last() {
            Some((special @ (b'"' | b'\\'), before)) => {
                sink.put(before);
                sink.put(&[b'\\', *special]);
            }
            _ => sink.put(part),
        }
    }
    sink.put(b"\"");
    Ok(())
}

/// Writes a token.
///
/// # Errors
/// [`Unserializable`] if the token does not start with a letter or `*`, or contains a separator, a space or a
/// non-ASCII character.
pub fn token(sink: &mut impl Sink, token: &str) -> Result<(), Unserializable> {
    let is_token = token.bytes().next().is_some_and(is_token_start) && token.bytes().all(is_token_byte);
    put_if(is_token, sink, token, "a token")
}

/// Writes bytes as Base64 between colons.
pub fn byte_sequence(sink: &mut impl Sink, bytes: &[u8]) {
    sink.put(b":");
    bytes.chunks(ENCODED_AT_ONCE).for_each(|chunk| put_encoded(sink, chunk));
    sink.put(b":");
}

/// Writes a boolean as `?1` or `?0`.
pub fn boolean(sink: &mut impl Sink, value: bool) {
    sink.put(if value { b"?1" } else { b"?0" });
}

/// Writes a date in seconds since the Unix epoch.
///
/// # Errors
/// [`Unserializable`] if the number has more than 15 digits.
pub fn date(sink: &mut impl Sink, seconds: i64) -> Result<(), Unserializable> {
    check(seconds.unsigned_abs() <= MAX_INTEGER, "a date of at most 15 digits")?;
    sink.put(b"@");
    put_integer(sink, seconds);
    Ok(())
}

/// Writes Unicode text as a display string.
pub fn display_string(sink: &mut impl Sink, text: &str) {
    sink.put(b"%\"");
    for byte in text.bytes() {
        put_display_byte(sink, byte);
    }
    sink.put(b"\"");
}

fn check(holds: bool, expected: &'static str) -> Result<(), Unserializable> {
    if holds { Ok(()) } else { Err(Unserializable { expected }) }
}

fn put_if(
    holds: bool,
    sink: &mut impl Sink,
    text: &str,
    expected: &'static str,
) -> Result<(), Unserializable> {
    check(holds, expected)?;
    sink.put(text.as_bytes());
    Ok(())
}

pub(super) fn put_integer(sink: &mut impl Sink, number: i64) {
    if number < 0 {
        sink.put(b"-");
    }
    put_digits(sink, number.unsigned_abs(), 1);
}

pub(super) fn put_decimal(sink: &mut impl Sink, number: Decimal) {
    if number.thousandths < 0 {
        sink.put(b"-");
    }
    let (whole, fraction) =
        (number.thousandths.unsigned_abs() / 1000, number.thousandths.unsigned_abs() % 1000);
    put_digits(sink, whole, 1);
    sink.put(b".");
    match fraction {
        _ if fraction % 100 == 0 => put_digits(sink, fraction / 100, 1),
        _ if fraction % 10 == 0 => put_digits(sink, fraction / 10, 2),
        _ => put_digits(sink, fraction, 3),
    }
}

/// Writes `number` with at least `width` digits.
pub(crate) fn put_digits(sink: &mut impl Sink, number: u64, width: usize) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(number);
    (digits.len()..width).for_each(|_| sink.put(b"0"));
    sink.put(digits.as_bytes());
}

/// The chunk size for encoding. 48 bytes are 64 characters without padding, so a small buffer is sufficient
/// for any length.
const ENCODED_AT_ONCE: usize = 48;

pub(crate) fn put_base64(sink: &mut impl Sink, mut bytes: impl Iterator<Item = u8>) {
    loop {
        let (mut chunk, mut length) = ([0; ENCODED_AT_ONCE], 0);
        for (slot, byte) in chunk.iter_mut().zip(&mut bytes) {
            *slot = byte;
            length += 1;
        }
        put_encoded(sink, chunk.get(..length).unwrap_or_default());
        if length < chunk.len() {
            break;
        }
    }
}

/// Encodes a chunk with lookup tables. This is safe because field values are public.
fn put_encoded(sink: &mut impl Sink, chunk: &[u8]) {
    let mut text = [0; 64];
    let length = STANDARD.encode_slice(chunk, &mut text).unwrap_or_default();
    sink.put(text.get(..length).unwrap_or_default());
}

/// Writes a byte of a display string. All bytes except visible ASCII are percent-encoded in lower case, as
/// are `%` and `"`.
pub(super) fn put_display_byte(sink: &mut impl Sink, byte: u8) {
    if is_string_byte(byte) && !matches!(byte, b'%' | b'"') {
        sink.put(&[byte]);
    } else {
        put_percent(sink, byte, b"0123456789abcdef");
    }
}

/// Writes `%` and the byte as two of the given hex digits.
pub(crate) fn put_percent(sink: &mut impl Sink, byte: u8, digits: &[u8; 16]) {
    let digit = |value: u8| digits.get(usize::from(value)).copied().unwrap_or(b'0');
    sink.put(&[b'%', digit(byte >> 4), digit(byte & 0x0f)]);
}
