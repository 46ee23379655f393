//! HMAC-SHA-512, for connection strings, by the `hmac` crate.
//!
//! SHA-512 has no processor instructions to win by here, so cloning a keyed `Hmac` is cheap beside the hashing.

use hmac::{Hmac, KeyInit, Mac as _};
use sha2::Sha512;
use zeroize::Zeroize;

use super::Keyed;

/// An HMAC-SHA-512 key. Its hash states are wiped on drop (`sha2`'s `zeroize` feature).
#[derive(Clone)]
pub struct HmacSha512(Hmac<Sha512>);

impl HmacSha512 {
    /// Begins a MAC.
    #[must_use]
    pub fn stream(&self) -> HmacSha512Stream {
        HmacSha512Stream(self.0.clone())
    }
}

impl Keyed for HmacSha512 {
    fn keyed(secret: &[u8]) -> Self {
        let mut block = hmac::digest::Key::<Hmac<Sha512>>::default();
        if let Some(start) = block.get_mut(..secret.len()) {
            start.copy_from_slice(secret);
        } else if let Some(start) = block.get_mut(..64) {
            // RFC 2104 section 2: a key longer than a block is hashed first.
            start.copy_from_slice(&sha2::Digest::finalize(sha2::Digest::chain_update(
                Sha512::default(),
                secret,
            )));
        }
        let key = Self(Hmac::new(&block));
        block.as_mut_slice().zeroize();
        key
    }
}

impl core::fmt::Debug for HmacSha512 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacSha512(..)")
    }
}

/// A message under one key.
pub struct HmacSha512Stream(Hmac<Sha512>);

impl HmacSha512Stream {
    /// Adds bytes to the message.
    pub fn update(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// The MAC.
    #[must_use]
    pub fn finish(self) -> [u8; 64] {
        self.0.finalize().into_bytes().into()
    }

    /// Whether the MAC equals the one received, compared in constant time.
    #[must_use]
    pub fn verify(self, received: &[u8; 64]) -> bool {
        self.0.verify(received.into()).is_ok()
    }
}

impl core::fmt::Debug for HmacSha512Stream {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacSha512Stream(..)")
    }
}
