//! HMAC-SHA-256.

use sha2::Sha256;

use super::{HmacKey, HmacStream, equal};
use crate::bytes::hex;

/// An HMAC-SHA-256 key.
pub type HmacSha256 = HmacKey<Sha256>;
/// A stream that computes the HMAC-SHA-256 of one message under up to `KEYS` keys.
pub type HmacSha256Stream<const KEYS: usize> = HmacStream<Sha256, KEYS>;

impl<const KEYS: usize> HmacSha256Stream<KEYS> {
    /// Ends the message and returns the MAC under the first key.
    #[must_use]
    #[inline]
    pub fn mac(&mut self) -> Mac {
        self.finish(0).map_or(Mac([0; 32]), |mac| Mac(mac.into()))
    }

    /// Ends the message and returns the index of the key whose MAC equals the received one. All keys are
    /// tried, and each comparison takes constant time, so the timing reveals nothing about an invalid MAC.
    #[must_use]
    #[inline]
    pub fn find(&mut self, received: &Mac) -> Option<usize> {
        let mut found = None;
        for index in 0..KEYS {
            if let Some(mac) = self.finish(index)
                && bool::from(equal(&Mac(mac.into()).0, &received.0))
            {
                found = Some(index);
            }
        }
        found
    }
}

/// A 32-byte MAC. The type does not implement `PartialEq`, because MACs must be compared in constant time.
/// The alignment allows MACs to be compared in 8-byte words.
#[derive(Clone, Copy)]
#[repr(align(8))]
pub struct Mac([u8; 32]);

impl Mac {
    /// Creates a MAC from received bytes.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Decodes a MAC from exactly 64 lower-case hex digits.
    #[inline]
    pub(crate) fn from_hex(digits: &[u8]) -> Option<Self> {
        let mut mac = Self([0; 32]);
        hex::decode(digits, &mut mac.0).map(|()| mac)
    }

    /// Returns the bytes of the MAC.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl core::fmt::Debug for Mac {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Mac(..)")
    }
}
