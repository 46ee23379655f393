//! Canonical serialisation of single values (RFC 9651 section 4.1).

use super::number::Decimal;
use super::text::is_string_byte;
use crate::bytes::sink::Sink;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Writes bytes as Base64 between colons.
pub(crate) fn byte_sequence(sink: &mut impl Sink, bytes: &[u8]) {
    sink.put(b":");
    bytes.chunks(ENCODED_AT_ONCE).for_each(|chunk| put_encoded(sink, chunk));
    sink.put(b":");
}

/// Writes a boolean as `?1` or `?0`.
pub(super) fn boolean(sink: &mut impl Sink, value: bool) {
    sink.put(if value { b"?1" } else { b"?0" });
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
