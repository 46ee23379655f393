//! Byte classes. A byte class is a set of bytes that are allowed in a certain place, such as a name or a
//! token.
//!
//! Each class is a function without branches: it uses `|` and `&` instead of `||` and `&&`, so the compiler
//! can vectorise it in [`all`]. Parsers use a lookup table instead, because they stop at the first byte that
//! is not in the class.

/// Returns `true` if all bytes are in the class.
#[inline]
pub(crate) fn all(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> bool {
    // The last chunk overlaps the previous one, which is faster than a loop over the remaining bytes.
    if let Some(end) = bytes.last_chunk::<16>() {
        bytes.as_chunks::<16>().0.iter().all(|chunk| every(chunk, is)) && every(end, is)
    } else if let Some((start, end)) = bytes.first_chunk::<8>().zip(bytes.last_chunk::<8>()) {
        every(start, is) & every(end, is)
    } else if let Some((start, end)) = bytes.first_chunk::<4>().zip(bytes.last_chunk::<4>()) {
        every(start, is) & every(end, is)
    } else {
        bytes.iter().all(|byte| is(*byte))
    }
}

fn every<const N: usize>(bytes: &[u8; N], is: impl Fn(u8) -> bool) -> bool {
    bytes.iter().fold(true, |all, byte| all & is(*byte))
}

/// A lookup table for a class.
#[derive(Debug)]
pub(crate) struct Table([bool; 256]);

impl Table {
    #[inline]
    pub(crate) fn has(&self, byte: u8) -> bool {
        self.0.get(usize::from(byte)).copied().unwrap_or_default()
    }
}

macro_rules! table {
    ($name:ident, $class:ident) => {
        #[allow(
            clippy::indexing_slicing,
            reason = "evaluated at compile time, where an invalid index is an error"
        )]
        #[doc = concat!("[`", stringify!($class), "`] as a lookup table.")]
        pub(crate) static $name: Table = {
            let mut table = [false; 256];
            let mut byte = 0_u8;
            while byte < u8::MAX {
                table[byte as usize] = $class(byte);
                byte += 1;
            }
            Table(table)
        };
    };
}

table!(FORM, form);
table!(KEY, key);
table!(TOKEN, token);
table!(UNESCAPED, unescaped);

/// Returns `true` for bytes that are not percent-encoded in form data (`application/x-www-form-urlencoded`).
pub(crate) const fn form(byte: u8) -> bool {
    service_name(byte) | (byte == b'.') | (byte == b'*')
}

/// Returns `true` for visible ASCII characters.
pub(crate) const fn visible(byte: u8) -> bool {
    within(byte, b'!', b'~')
}

/// Returns `true` for characters that are allowed in service names.
pub(crate) const fn service_name(byte: u8) -> bool {
    alphanumeric(byte) | (byte == b'_') | (byte == b'-')
}

/// Returns `true` for characters that are allowed in request ids.
pub(crate) const fn request_id(byte: u8) -> bool {
    visible(byte) & (byte != b':')
}

/// Returns `true` for characters that all schemes allow in a nonce.
pub(crate) const fn nonce(byte: u8) -> bool {
    service_name(byte) | (byte == b'.')
}

/// Returns `true` for characters that are allowed in client ids.
pub(crate) const fn client_id(byte: u8) -> bool {
    visible(byte) & (byte != b':') & (byte != b',') & (byte != b'"') & (byte != b'\\')
}

/// Returns `true` for characters that are allowed in request targets.
pub(crate) const fn target(byte: u8) -> bool {
    (visible(byte) | (byte >= 0x80)) & (byte != b'#')
}

/// Returns `true` for characters that are allowed in methods and field names (RFC 9110 section 5.6.2).
pub(crate) const fn http_token(byte: u8) -> bool {
    let mark = within(byte, b'#', b'\'')
        | within(byte, b'^', b'`')
        | (byte == b'!')
        | (byte == b'*')
        | (byte == b'+');
    alphanumeric(byte) | mark | (byte == b'-') | (byte == b'.') | (byte == b'|') | (byte == b'~')
}

/// Returns `true` for characters that are allowed in lower-case field names.
pub(crate) const fn lower_case_token(byte: u8) -> bool {
    http_token(byte) & !within(byte, b'A', b'Z')
}

/// Returns `true` for visible ASCII characters that do not delimit an authority.
pub(crate) const fn authority(byte: u8) -> bool {
    visible(byte) & (byte != b'/') & (byte != b'?') & (byte != b'#') & (byte != b'@') & (byte != b'\\')
}

/// Returns `true` for characters that are allowed in a host name (RFC 3986 section 3.2.2), except `%`.
pub(crate) const fn host_name(byte: u8) -> bool {
    let mark =
        (byte == b'!') | (byte == b'$') | (byte == b';') | (byte == b'=') | (byte == b'_') | (byte == b'~');
    alphanumeric(byte) | within(byte, b'&', b'.') | mark
}

/// Returns `true` for characters that are allowed in a path and query. The `#` that starts a fragment is not
/// allowed.
pub(crate) const fn origin_form(byte: u8) -> bool {
    visible(byte) & (byte != b'#')
}

/// Returns `true` for characters that a signature base allows in a field value: visible ASCII, space and tab.
pub(crate) const fn field_text(byte: u8) -> bool {
    within(byte, b' ', b'~') | (byte == b'\t')
}

/// Returns `true` for characters in the standard Base64 alphabet (RFC 4648 section 4), without the padding
/// character.
pub(crate) const fn base64(byte: u8) -> bool {
    alphanumeric(byte) | (byte == b'+') | (byte == b'/')
}

/// Returns `true` for characters that are allowed in structured field keys (RFC 9651 section 3.1.2).
pub(crate) const fn key(byte: u8) -> bool {
    let mark = (byte == b'_') | (byte == b'-') | (byte == b'.') | (byte == b'*');
    within(byte, b'a', b'z') | within(byte, b'0', b'9') | mark
}

/// Returns `true` for characters that are allowed in structured field tokens (RFC 9651 section 3.3.4).
pub(crate) const fn token(byte: u8) -> bool {
    http_token(byte) | (byte == b':') | (byte == b'/')
}

/// Returns `true` for characters that need no escape in a structured field string (RFC 9651 section 3.3.3).
pub(crate) const fn unescaped(byte: u8) -> bool {
    within(byte, b' ', b'~') & (byte != b'"') & (byte != b'\\')
}

const fn alphanumeric(byte: u8) -> bool {
    within(byte, b'0', b'9') | within(byte | 0x20, b'a', b'z')
}

const fn within(byte: u8, first: u8, last: u8) -> bool {
    byte.wrapping_sub(first) <= last - first
}

#[cfg(test)]
mod tests {
    use super::{all, client_id, http_token, key, nonce, request_id, target};

    #[test]
    fn all_is_true_only_if_each_byte_is_in_the_class() {
        for length in 1..70 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    let mut text = std::vec![b'a'; length];
                    text.iter_mut().skip(at).take(1).for_each(|place| *place = byte);
                    assert_eq!(all(&text, request_id), request_id(byte), "{byte} at {at} of {length}");
                    assert_eq!(all(&text, target), target(byte), "{byte} at {at} of {length}");
                }
            }
        }
    }

    #[test]
    fn classes_contain_the_documented_bytes() {
        let listed = |text: &str, byte: u8| byte < 0x80 && text.contains(char::from(byte));
        for byte in 0..=u8::MAX {
            let alphanumeric = byte.is_ascii_alphanumeric();
            assert_eq!(http_token(byte), alphanumeric || listed("!#$%&'*+-.^_`|~", byte), "{byte}");
            assert_eq!(nonce(byte), alphanumeric || listed("._-", byte), "{byte}");
            assert_eq!(request_id(byte), byte.is_ascii_graphic() && byte != b':', "{byte}");
            assert_eq!(client_id(byte), byte.is_ascii_graphic() && !listed(":,\"\\", byte), "{byte}");
            assert_eq!(
                key(byte),
                byte.is_ascii_lowercase() || byte.is_ascii_digit() || listed("_-.*", byte),
                "{byte}"
            );
        }
    }
}
