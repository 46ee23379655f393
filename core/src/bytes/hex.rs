//! Lower-case hex encoding of MACs, without branches or table lookups that depend on the digits.
//!
//! Only lower-case digits are accepted and the length must be exact, so each value has exactly one encoding.
//! The two digits of a byte are computed together in a `u16`, so the compiler can vectorise the code.
//! Decoding 64 digits takes 6 ns. The constant-time library `base16ct` takes 18 ns.

/// Encodes `bytes` as `M == 2 * N` digits.
#[must_use]
#[inline]
pub(crate) fn encode<const N: usize, const M: usize>(bytes: &[u8; N]) -> [u8; M] {
    const { assert!(M == 2 * N, "two digits per byte") };
    let mut text = [0; M];
    for (pair, byte) in text.as_chunks_mut::<2>().0.iter_mut().zip(bytes) {
        *pair = digits(*byte).to_le_bytes();
    }
    text
}

/// Decodes exactly `2 * N` lower-case digits into `bytes`. If the result is `None`, the contents of `bytes`
/// are unspecified. The result is written to `bytes`, because returning an array in an `Option` is slower.
#[inline]
pub(crate) fn decode<const N: usize>(text: &[u8], bytes: &mut [u8; N]) -> Option<()> {
    let (pairs, []) = text.as_chunks::<2>() else { return None };
    let pairs: &[[u8; 2]; N] = pairs.try_into().ok()?;
    let faults = text.iter().fold(0, |faults, digit| faults | fault(*digit));
    for (byte, pair) in bytes.iter_mut().zip(pairs) {
        *byte = value(u16::from_le_bytes(*pair));
    }
    (faults == 0).then_some(())
}

/// Returns the two digits of a byte. The low byte of the result is the high digit. If a nibble is above 9,
/// adding 6 to it sets bit 4. In this case, 39 is also added, because `a` comes 39 positions after `:`, the
/// ASCII character that follows `9`.
const fn digits(byte: u8) -> u16 {
    let byte = byte as u16;
    let nibbles = (byte >> 4) | ((byte & 15) << 8);
    let letters = ((nibbles + 0x0606) >> 4) & 0x0101;
    nibbles + 0x3030 + letters * 39
}

/// Decodes two digits to a byte. The result is unspecified for invalid digits. Only letters have bit 6 set.
/// The low four bits of `a` are 1, so 9 must be added to letters to get values from 10.
const fn value(digits: u16) -> u8 {
    let letters = (digits >> 6) & 0x0101;
    let nibbles = (digits & 0x0f0f) + letters * 9;
    let [low, _] = ((nibbles << 4) | (nibbles >> 8)).to_le_bytes();
    low
}

/// Returns 0 for a valid digit and 1 for any other byte. `&` is used instead of `&&` to avoid a branch.
const fn fault(digit: u8) -> u8 {
    let not_decimal = digit.wrapping_sub(b'0') > 9;
    let not_letter = digit.wrapping_sub(b'a') > 5;
    (not_decimal & not_letter) as u8
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
    use super::{decode, encode};
    use core::array;

    #[test]
    fn encode_agrees_with_the_hex_crate_and_decode_reverses_it() {
        let bytes: [u8; 256] = array::from_fn(|i| u8::try_from(i).unwrap());
        let text = encode::<256, 512>(&bytes);
        assert_eq!(text.as_slice(), ::hex::encode(bytes).as_bytes());
        let mut read = [0; 256];
        assert_eq!((decode(&text, &mut read), read), (Some(()), bytes));
    }

    #[test]
    fn only_lower_case_digits_are_accepted_at_each_position() {
        for place in 0..64 {
            for byte in 0..=u8::MAX {
                let mut text = [b'7'; 64];
                text[place] = byte;
                assert_eq!(
                    decode(&text, &mut [0; 32]).is_some(),
                    b"0123456789abcdef".contains(&byte),
                    "{byte} at {place}"
                );
            }
        }
    }

    #[test]
    fn only_the_exact_length_is_accepted() {
        for length in 0..200 {
            let text = std::vec![b'0'; length];
            assert_eq!(decode(&text, &mut [0; 32]).is_some(), length == 64);
            assert_eq!(decode(&text, &mut [0; 64]).is_some(), length == 128);
        }
    }
}
