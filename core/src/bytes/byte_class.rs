//! Byte classes: the bytes allowed in a name, an id or a token.
//!
//! The classes are functions without branches (`|` and `&` on purpose). To check a complete text, the
//! compiler vectorises them. Parsers stop at the first byte outside a class, so they use a lookup table.

/// Returns `true` if all bytes are in the class.
#[inline]
pub(crate) fn all(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> bool {
    // The last chunk overlaps the chunk before it, because this is faster than a loop over the remaining
    // bytes.
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
            reason = "evaluated while compiling, where a wrong index is an error"
        )]
        #[doc = concat!("[`", stringify!($class), "`] by table.")]
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

table!(KEY, key);
table!(TOKEN, token);
table!(UNESCAPED, unescaped);

/// Returns the number of leading bytes that are [`unescaped`].
#[inline]
pub(crate) fn unescaped_length(text: &[u8]) -> usize {
    let controls = |word| below(word, b' ') | equal(word, 0x7f);
    let special = |word| equal(word, b'"') | equal(word, b'\\');
    let beyond_ascii = |word| word;
    let found =
        first(text, |word| controls(word) | special(word) | beyond_ascii(word), |byte| !UNESCAPED.has(byte));
    found.unwrap_or(text.len())
}

/// Returns the number of leading bytes that are lower-case letters.
#[inline]
pub(crate) fn lower_case_length(text: &[u8]) -> usize {
    // The sum sets the high bit for bytes above `z`. Bytes above 0x7f have it already.
    let above = |word: u64| word.wrapping_add(repeated(0x7f - b'z')) | word;
    let found = first(text, |word| below(word, b'a') | above(word), |byte| !byte.is_ascii_lowercase());
    found.unwrap_or(text.len())
}

/// Returns the first position of a byte.
#[inline]
pub(crate) fn position(text: &[u8], wanted: u8) -> Option<usize> {
    first(text, |word| equal(word, wanted), |byte| byte == wanted)
}

/// Compares two texts, ignoring ASCII case.
pub(crate) fn equal_but_for_case(one: &[u8], other: &[u8]) -> bool {
    let ((words, _), (others, _)) = (one.as_chunks::<8>(), other.as_chunks::<8>());
    match one.last_chunk::<8>().zip(other.last_chunk::<8>()) {
        // The last eight bytes overlap the previous word.
        Some(ends) if one.len() == other.len() => words
            .iter()
            .zip(others)
            .chain([ends])
            .all(|(word, other)| differ_in_case(u64::from_le_bytes(*word), u64::from_le_bytes(*other))),
        _ => one.eq_ignore_ascii_case(other),
    }
}

/// Returns `true` if the words differ only in the case bit of ASCII letters.
const fn differ_in_case(word: u64, other: u64) -> bool {
    let lower = other | repeated(0x20);
    // The high bits are masked, so the addition cannot carry into the next byte.
    let low = lower & repeated(0x7f);
    let letters = (low + repeated(0x80 - b'a')) & !(low + repeated(0x7f - b'z')) & !lower & repeated(0x80);
    (word ^ other) & !(letters >> 2) == 0
}

/// Finds the first matching byte, eight bytes at a time. `marks` sets the high bit of each matching byte. It
/// may also set high bits above the first match; these are ignored.
#[inline]
fn first(text: &[u8], marks: impl Fn(u64) -> u64, is: impl Fn(u8) -> bool) -> Option<usize> {
    let (words, rest) = text.as_chunks::<8>();
    for (at, word) in words.iter().enumerate() {
        let marked = marks(u64::from_le_bytes(*word)) & repeated(0x80);
        if marked != 0 {
            return Some(at * 8 + marked.trailing_zeros() as usize / 8);
        }
    }
    rest.iter().position(|byte| is(*byte)).map(|at| words.len() * 8 + at)
}

const fn repeated(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// Marks bytes below `least`, which is at most 0x80. Marks above the first match can be wrong because of the
/// borrow.
const fn below(word: u64, least: u8) -> u64 {
    word.wrapping_sub(repeated(least)) & !word
}

/// Marks bytes equal to `byte`. Marks above the first match can be wrong.
const fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ repeated(byte), 1)
}

/// Visible ASCII characters.
pub(crate) const fn visible(byte: u8) -> bool {
    within(byte, b'!', b'~')
}

/// Characters of service names.
pub(crate) const fn service_name(byte: u8) -> bool {
    alphanumeric(byte) | (byte == b'_') | (byte == b'-')
}

/// Characters of request ids.
pub(crate) const fn request_id(byte: u8) -> bool {
    visible(byte) & (byte != b':')
}

/// Characters of nonces that are valid in every scheme.
pub(crate) const fn nonce(byte: u8) -> bool {
    service_name(byte) | (byte == b'.')
}

/// Characters of client ids.
pub(crate) const fn client_id(byte: u8) -> bool {
    visible(byte) & (byte != b':') & (byte != b',') & (byte != b'"') & (byte != b'\\')
}

/// Characters of request targets.
pub(crate) const fn target(byte: u8) -> bool {
    (visible(byte) | (byte >= 0x80)) & (byte != b'#')
}

/// Characters of methods and field names (RFC 9110 section 5.6.2).
pub(crate) const fn http_token(byte: u8) -> bool {
    let mark = within(byte, b'#', b'\'')
        | within(byte, b'^', b'`')
        | (byte == b'!')
        | (byte == b'*')
        | (byte == b'+');
    alphanumeric(byte) | mark | (byte == b'-') | (byte == b'.') | (byte == b'|') | (byte == b'~')
}

/// Characters of lower-case field names.
pub(crate) const fn lower_case_token(byte: u8) -> bool {
    http_token(byte) & !within(byte, b'A', b'Z')
}

/// Visible ASCII characters except the delimiters of an authority.
pub(crate) const fn authority(byte: u8) -> bool {
    visible(byte) & (byte != b'/') & (byte != b'?') & (byte != b'#') & (byte != b'@') & (byte != b'\\')
}

/// Characters of a path and query, without the `#` of a fragment.
pub(crate) const fn origin_form(byte: u8) -> bool {
    visible(byte) & (byte != b'#')
}

/// Characters of a field value in a signature base: visible ASCII, space and tab.
pub(crate) const fn field_text(byte: u8) -> bool {
    within(byte, b' ', b'~') | (byte == b'\t')
}

/// Characters of standard base64 (RFC 4648 section 4), without padding.
pub(crate) const fn base64(byte: u8) -> bool {
    alphanumeric(byte) | (byte == b'+') | (byte == b'/')
}

/// Characters of structured field keys (RFC 9651 section 3.1.2).
pub(crate) const fn key(byte: u8) -> bool {
    let mark = (byte == b'_') | (byte == b'-') | (byte == b'.') | (byte == b'*');
    within(byte, b'a', b'z') | within(byte, b'0', b'9') | mark
}

/// Characters of structured field tokens (RFC 9651 section 3.3.4).
pub(crate) const fn token(byte: u8) -> bool {
    http_token(byte) | (byte == b':') | (byte == b'/')
}

/// Characters of a structured field string (RFC 9651 section 3.3.3) that need no escape.
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
    use super::{
        all, client_id, equal_but_for_case, http_token, key, lower_case_length, nonce, position, request_id,
        target, unescaped, unescaped_length,
    };

    #[test]
    fn a_text_is_of_a_class_when_each_of_its_bytes_is() {
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
    fn case_insensitive_comparison_agrees_with_the_library() {
        for length in 0..20 {
            for at in 0..length {
                for (byte, other) in (0..=u8::MAX).flat_map(|byte| {
                    [byte, byte ^ 0x20, byte ^ 0x80, byte ^ 1, 0x5f].map(|other| (byte, other))
                }) {
                    let [one, two] = [(b'a', byte), (b'A', other)].map(|(filled, byte)| {
                        let mut text = std::vec![filled; length];
                        text.iter_mut().skip(at).take(1).for_each(|place| *place = byte);
                        text
                    });
                    let equal = one.eq_ignore_ascii_case(&two);
                    assert_eq!(equal_but_for_case(&one, &two), equal, "{byte}, {other} at {at} of {length}");
                    assert!(!equal_but_for_case(&one, &std::vec![b'a'; length + 1]));
                }
            }
        }
    }

    #[test]
    fn a_byte_is_found_at_any_position() {
        for length in 0..40 {
            for at in 0..length {
                for (byte, next) in
                    (0..=u8::MAX).flat_map(|byte| [b'a', b'"', 0x80, b'!'].map(|next| (byte, next)))
                {
                    let mut text = std::vec![b'a'; length];
                    text.iter_mut().skip(at).zip([byte, next]).for_each(|(place, byte)| *place = byte);
                    let expected = text.iter().position(|byte| !unescaped(*byte)).unwrap_or(length);
                    assert_eq!(unescaped_length(&text), expected, "{byte} at {at} of {length}");
                    let expected = text.iter().position(|byte| !byte.is_ascii_lowercase()).unwrap_or(length);
                    assert_eq!(lower_case_length(&text), expected, "{byte} at {at} of {length}");
                    let expected = text.iter().position(|held| *held == byte);
                    assert_eq!(position(&text, byte), expected, "{byte} at {at} of {length}");
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
