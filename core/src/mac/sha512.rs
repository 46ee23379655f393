//! HMAC-SHA-512, for connection strings.

use sha2::Sha512;

use super::{HmacKey, HmacStream, equal};

/// An HMAC-SHA-512 key.
pub type HmacSha512 = HmacKey<Sha512>;
/// A stream that computes the HMAC-SHA-512 of one message.
pub type HmacSha512Stream = HmacStream<Sha512, 1>;

impl HmacSha512Stream {
    /// Ends the message and returns the MAC.
    #[must_use]
    pub fn mac(&mut self) -> [u8; 64] {
        self.finish(0).map_or([0; 64], Into::into)
    }

    /// Ends the message and compares the MAC with a received MAC in constant time.
    #[must_use]
    pub fn verify(&mut self, received: &[u8; 64]) -> bool {
        equal(&self.mac(), received).into()
    }
}
