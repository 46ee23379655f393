//! Compares names and ignores ASCII case.
//!
//! Eight bytes are compared at a time. The standard library compares names that are shorter than 16 bytes one
//! byte at a time, if their case differs. This is usual, because most servers convert header names to lower
//! case. See `docs/decisions/0012-code-for-speed.md`.

/// Returns `true` if two names are equal. The comparison ignores ASCII case.
#[inline]
pub(crate) fn equal(one: &[u8], other: &[u8]) -> bool {
    let (Some(end), Some(other_end)) = (one.last_chunk(), other.last_chunk()) else {
        return one.eq_ignore_ascii_case(other);
    };
    // The last word overlaps the previous one.
    one.len() == other.len()
        && words_equal(end, other_end)
        && one.as_chunks().0.iter().zip(other.as_chunks().0).all(|(one, other)| words_equal(one, other))
}

/// Returns `true` if two words are equal, or if they differ only in bit 5 of letters. This bit distinguishes
/// upper case from lower case.
#[inline]
fn words_equal(one: &[u8; 8], other: &[u8; 8]) -> bool {
    let (one, other) = (u64::from_le_bytes(*one), u64::from_le_bytes(*other));
    one == other || (one ^ other) & !(letters(other) >> 2) == 0
}

/// Returns a word in which bit 7 of a byte is set if this byte of `word` is a letter.
const fn letters(word: u64) -> u64 {
    let lower = word | repeated(0x20);
    // Each sum of seven-bit numbers fits in its byte. Its high bit is the result of a comparison.
    let low = lower & repeated(0x7f);
    (low + repeated(0x80 - b'a')) & !(low + repeated(0x7f - b'z')) & !lower & repeated(0x80)
}

const fn repeated(byte: u8) -> u64 {
    u64::from_ne_bytes([byte; 8])
}

#[cfg(test)]
mod tests {
    use super::equal;

    #[test]
    fn equality_is_the_same_as_in_the_standard_library() {
        for length in 0..20 {
            for at in 0..length {
                for byte in 0..=u8::MAX {
                    for other in [byte, byte ^ 0x20, byte ^ 0x80, byte ^ 1, b'_'] {
                        let [one, two] = [(b'a', byte), (b'A', other)].map(|(filled, byte)| {
                            let mut name = std::vec![filled; length];
                            name.iter_mut().skip(at).take(1).for_each(|place| *place = byte);
                            name
                        });
                        let expected = one.eq_ignore_ascii_case(&two);
                        assert_eq!(equal(&one, &two), expected, "{byte}, {other} at {at} of {length}");
                        assert!(!equal(&one, &std::vec![b'a'; length + 1]));
                    }
                }
            }
        }
    }
}
