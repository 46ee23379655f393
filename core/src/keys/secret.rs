//! Validates and decodes secrets.

use base64ct::{Base64, Encoding};

/// The minimum length of a secret in bytes, unless [`Strength::AllowWeak`] is used. RFC 2104 section 3
/// recommends at least the output length of the hash function, which is 32 bytes for SHA-256.
pub const MIN_SECRET_BYTES: usize = 32;

/// Determines whether secrets shorter than [`MIN_SECRET_BYTES`] are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Strength {
    /// Short secrets are rejected.
    #[default]
    Required,
    /// Short secrets are accepted. Use this value only for test vectors, and for systems whose existing
    /// secrets have not been rotated yet.
    AllowWeak,
}

/// The reason why a secret is rejected. The error never contains the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SecretError {
    /// The secret is empty.
    #[error("the secret is empty; set one of at least 32 random bytes")]
    Empty,
    /// The secret is shorter than [`MIN_SECRET_BYTES`]. The value is its length in bytes.
    #[error("the secret has {0} bytes, fewer than 32; generate a longer one or set allow_weak")]
    TooShort(usize),
    /// The secret repeats a single byte, so it is probably a placeholder.
    #[error("the secret is one byte repeated, a placeholder; generate a random one")]
    OneByteRepeated,
    /// The secret repeats a short pattern, such as `changeme`, so it is probably a placeholder.
    #[error("the secret is one short pattern repeated, a placeholder; generate a random one")]
    PatternRepeated,
    /// The secret is not padded standard Base64 (RFC 4648 section 4).
    #[error("the secret is not padded standard base64; encode its bytes that way")]
    NotBase64,
}

impl Strength {
    /// Validates the bytes of a secret.
    ///
    /// # Errors
    /// [`SecretError`] with the violated rule. `TooShort` is returned only by [`Strength::Required`].
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

/// The maximum length of a repeated pattern that indicates a placeholder.
const MAX_PATTERN_BYTES: usize = 16;

/// Returns the length of a pattern that the secret repeats at least three times.
fn pattern(secret: &[u8]) -> Option<usize> {
    let longest = MAX_PATTERN_BYTES.min(secret.len() / 3);
    (1..=longest).find(|length| secret.iter().zip(secret.iter().skip(*length)).all(|(one, next)| one == next))
}

/// Decodes a Base64 secret into `buffer`. The running time depends only on the length of the secret.
/// Surrounding whitespace is ignored, because files and secret stores often add it.
///
/// # Errors
/// `NotBase64` if the text is not padded standard Base64 or if the decoded secret is longer than the buffer.
pub fn decode_base64<'b>(text: &str, buffer: &'b mut [u8]) -> Result<&'b [u8], SecretError> {
    Base64::decode(text.trim_ascii(), buffer).map_err(|_| SecretError::NotBase64)
}
