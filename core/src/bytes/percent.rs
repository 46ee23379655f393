//! Percent-encoding (RFC 3986 section 2.1).

use super::sink::Sink;

/// Decodes two hex digits in upper or lower case.
pub(crate) fn decode(high: u8, low: u8) -> Option<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

/// Writes `%` followed by the byte as two hex digits. `digits` determines whether they are in upper or lower
/// case.
pub(crate) fn put(sink: &mut dyn Sink, byte: u8, digits: &[u8; 16]) {
    let digit = |value: u8| digits.get(usize::from(value)).copied().unwrap_or(b'0');
    sink.put(&[b'%', digit(byte >> 4), digit(byte & 0x0f)]);
}
