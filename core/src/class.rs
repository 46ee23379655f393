//! Classes of bytes, by one table: what may stand in a name, an id, a token.
//!
//! One load for each byte, whatever the class: short texts are checked on every request.

/// A set of bytes, as one bit of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class(u16);

/// Keys of structured fields (RFC 9651 section 3.1.2).
pub(crate) const KEY: Class = Class(1);
/// Tokens of structured fields (RFC 9651 section 3.3.4).
pub(crate) const TOKEN: Class = Class(1 << 1);
/// Bytes of a structured string without a meaning of their own (RFC 9651 section 3.3.3).
pub(crate) const UNESCAPED: Class = Class(1 << 2);
/// Methods and field names (RFC 9110 section 5.6.2).
pub(crate) const HTTP_TOKEN: Class = Class(1 << 3);
/// Visible ASCII.
pub(crate) const VISIBLE: Class = Class(1 << 4);
/// Service names.
pub(crate) const SERVICE_NAME: Class = Class(1 << 5);
/// Request ids.
pub(crate) const REQUEST_ID: Class = Class(1 << 6);
/// Client ids.
pub(crate) const CLIENT_ID: Class = Class(1 << 7);
/// Request targets.
pub(crate) const TARGET: Class = Class(1 << 8);

/// Digits of standard base64 (RFC 4648 section 4).
pub(crate) const BASE64: Class = Class(1 << 9);

impl Class {
    /// Whether `byte` is of this class.
    #[inline]
    pub(crate) fn has(self, byte: u8) -> bool {
        classes(byte) & self.0 != 0
    }

    /// Whether every byte is. Looks at all of them: texts are short, and a branch for each costs more than it saves.
    #[inline]
    pub(crate) fn has_all(self, bytes: &[u8]) -> bool {
        bytes.iter().fold(self.0, |common, byte| common & classes(*byte)) != 0
    }
}

#[inline]
fn classes(byte: u8) -> u16 {
    TABLE.get(usize::from(byte)).copied().unwrap_or_default()
}

static TABLE: [u16; 256] = table();

#[allow(
    clippy::indexing_slicing,
    reason = "evaluated while compiling, where an index out of bounds is an error"
)]
#[allow(clippy::cast_possible_truncation, reason = "the index ends at 255")]
const fn table() -> [u16; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < table.len() {
        table[byte] = classes_of(byte as u8);
        byte += 1;
    }
    table
}

const fn classes_of(byte: u8) -> u16 {
    let visible = byte.is_ascii_graphic();
    let alphanumeric = byte.is_ascii_alphanumeric();
    let lower = byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let http_token = alphanumeric
        || matches!(byte, b'!' | b'#'..=b'\'' | b'*' | b'+' | b'-' | b'.' | b'^'..=b'`' | b'|' | b'~');
    bit(KEY, lower || matches!(byte, b'_' | b'-' | b'.' | b'*'))
        | bit(TOKEN, http_token || matches!(byte, b':' | b'/'))
        | bit(UNESCAPED, (visible || byte == b' ') && !matches!(byte, b'"' | b'\\'))
        | bit(HTTP_TOKEN, http_token)
        | bit(VISIBLE, visible)
        | bit(SERVICE_NAME, alphanumeric || matches!(byte, b'_' | b'-'))
        | bit(REQUEST_ID, alphanumeric || matches!(byte, b'.' | b'_' | b'-'))
        | bit(CLIENT_ID, visible && !matches!(byte, b':' | b',' | b'"' | b'\\'))
        | bit(BASE64, alphanumeric || matches!(byte, b'+' | b'/'))
        | bit(TARGET, (visible || byte >= 0x80) && byte != b'#')
}

const fn bit(class: Class, holds: bool) -> u16 {
    if holds { class.0 } else { 0 }
}
