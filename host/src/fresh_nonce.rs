//! The nonces of signed requests. A nonce is a random UUID (RFC 9562 section 5.4) and also serves as the
//! request id.

use uuid::{Builder, fmt::Hyphenated};

/// The number of random bytes in a nonce.
pub(crate) const BYTES: usize = 16;

/// A nonce, formatted as a UUID with 36 characters.
#[derive(Clone, Copy, Debug)]
pub struct FreshNonce([u8; Hyphenated::LENGTH]);

impl FreshNonce {
    /// The length of a nonce in characters.
    pub const LENGTH: usize = Hyphenated::LENGTH;

    /// Creates a nonce from random bytes. The caller must not reuse the bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; BYTES]) -> Self {
        let mut text = [0; Hyphenated::LENGTH];
        Builder::from_random_bytes(bytes).into_uuid().hyphenated().encode_lower(&mut text);
        Self(text)
    }

    /// Returns the nonce as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        core::str::from_utf8(&self.0).unwrap_or_default()
    }
}
