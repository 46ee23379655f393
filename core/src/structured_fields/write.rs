//! Canonical serialisation of single values (RFC 9651 section 4.1).

use super::number::Decimal;
use super::text::is_string_byte;
use crate::bytes::sink::Sink;
use crate::bytes::{base64, percent};

/// Concatenates the parts and writes them as Base64 between colons.
pub(crate) fn byte_sequence<'a>(sink: &mut dyn Sink, parts: impl IntoIterator<Item = &'a [u8]>) {
    sink.put(b":");
    base64::put(sink, parts);
    sink.put(b":");
}

pub(super) fn put_integer(sink: &mut dyn Sink, number: i64) {
    if number < 0 {
        sink.put(b"-");
    }
    put_digits(sink, number.unsigned_abs(), 1);
}

pub(super) fn put_decimal(sink: &mut dyn Sink, number: Decimal) {
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
pub(crate) fn put_digits(sink: &mut dyn Sink, number: u64, width: usize) {
    let mut digits = itoa::Buffer::new();
    let digits = digits.format(number);
    (digits.len()..width).for_each(|_| sink.put(b"0"));
    sink.put(digits.as_bytes());
}

/// Writes a byte of a display string. The characters `%` and `"` and all bytes other than printable ASCII are
/// percent-encoded with lower-case digits.
pub(super) fn put_display_byte(sink: &mut dyn Sink, byte: u8) {
    if is_string_byte(byte) && !matches!(byte, b'%' | b'"') {
        sink.put(&[byte]);
    } else {
        percent::put(sink, byte, b"0123456789abcdef");
    }
}
