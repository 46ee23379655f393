//! The requirements for a secret.

use base64ct::{Base64, Encoding};

/// The shortest secret accepted without [`Strength::AllowWeak`]: the size of the hash (RFC 2104 section 3).
pub const MIN_SECRET_BYTES: usize = 32;

/// Whether secrets under [`MIN_SECRET_BYTES`] are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Strength {
    /// Refuse them.
    #[default]
    Required,
    /// Accept them: for test vectors, and for fleets whose deployed secrets are shorter, until they are rotated.
    AllowWeak,
}

/// The reason why a secret is rejected, without its content.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SecretError {
    /// No bytes at all.
    Empty,
    /// Fewer than [`MIN_SECRET_BYTES`] bytes; this many.
    TooShort(usize),
    /// One byte value repeated: a placeholder.
    OneByteRepeated,
    /// One short pattern repeated, such as `changeme`: a placeholder.
    PatternRepeated,
    /// Not padded standard base64 (RFC 4648 section 4), where base64 is expected.
    NotBase64,
}

impl core::fmt::Display for SecretError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => f.write_str("the secret is empty; set one of at least 32 random bytes"),
            Self::TooShort(length) => {
                write!(
                    f,
                    "the secret has {length} bytes, fewer than 32; generate a longer one or set allow_weak"
                )
            }
            Self::OneByteRepeated => {
                f.write_str("the secret is one byte repeated, a placeholder; generate a random one")
            }
            Self::PatternRepeated => {
                f.write_str("the secret is one short pattern repeated, a placeholder; generate a random one")
            }
            Self::NotBase64 => {
                f.write_str("the secret is not padded standard base64; encode its bytes that way")
            }
        }
    }
}

impl core::error::Error for SecretError {}

impl Strength {
    /// Checks a secret's bytes.
    ///
    /// # Errors
    /// `Empty`, `OneByteRepeated`, `PatternRepeated`, and, unless weak secrets are allowed, `TooShort`.
    pub fn check(self, secret: &[u8]) -> Result<(), SecretError> {
        if secret.is_empty() {
            return Err(SecretError::Empty);
        }
        match pattern(secret) {
            Some(1) => return Err(SecretError::OneByteRepeated),
            Some(_) => return Err(SecretError::PatternRepeated),
            None => {}
        }
        if self == Self::Required && secret.len() < MIN_SECRET_BYTES {
            return Err(SecretError::TooShort(secret.len()));
        }
        Ok(())
    }
}

/// The longest pattern that counts as a placeholder when it is repeated.
const MAX_PATTERN_BYTES: usize = 16;

/// The length of the pattern that a secret repeats, at least three times.
fn pattern(secret: &[u8]) -> Option<usize> {
    let longest = MAX_PATTERN_BYTES.min(secret.len() / 3);
    (1..=longest).find(|length| secret.iter().zip(secret.iter().skip(*length)).all(|(one, next)| one == next))
}

/// Decodes a secret kept as base64 into `buffer`, in constant time over its content. Surrounding whitespace, which
/// files and secret stores add, is not part of it.
///
/// # Errors
/// `NotBase64` for anything but the padded standard alphabet, and for more than `buffer` holds.
pub fn decode_base64<'b>(text: &str, buffer: &'b mut [u8]) -> Result<&'b [u8], SecretError> {
    Base64::decode(text.trim_ascii(), buffer).map_err(|_| SecretError::NotBase64)
}
