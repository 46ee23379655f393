//! HMAC-SHA-512 with precomputed hash states for each key, for connection strings.
//!
//! See `sha256.rs` for the first reason. In addition, finishing an `hmac::Hmac` moves it, which leaves its
//! hash states on the stack. The tests compare this code with `hmac`.

use sha2::block_api::compress512;
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Keyed, equal};

const BLOCK: usize = 128;
/// The position of the 128-bit length in the last block (FIPS 180-4 section 5.1.2).
const LENGTH_AT: usize = 112;
/// The initial hash value (FIPS 180-4 section 5.3.5).
const INITIAL: State = [
    0x6a09_e667_f3bc_c908,
    0xbb67_ae85_84ca_a73b,
    0x3c6e_f372_fe94_f82b,
    0xa54f_f53a_5f1d_36f1,
    0x510e_527f_ade6_82d1,
    0x9b05_688c_2b3e_6c1f,
    0x1f83_d9ab_fb41_bd6b,
    0x5be0_cd19_137e_2179,
];

type State = [u64; 8];

/// An HMAC-SHA-512 key, stored as a pair of hash states. Wiped on drop.
#[derive(Clone)]
pub struct HmacSha512 {
    inner: State,
    outer: State,
}

impl HmacSha512 {
    /// Starts a MAC.
    #[must_use]
    pub fn stream(&self) -> HmacSha512Stream {
        let Self { inner, outer } = *self;
        HmacSha512Stream { inner, outer, block: [0; BLOCK], filled: 0, hashed: BLOCK as u64 }
    }
}

impl Keyed for HmacSha512 {
    fn keyed(secret: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if let Some(start) = block.get_mut(..secret.len()) {
            start.copy_from_slice(secret);
        } else if let Some(start) = block.first_chunk_mut::<64>() {
            // A key longer than a block is hashed first (RFC 2104 section 2).
            *start = Sha512::digest(secret).into();
        }
        let key = Self { inner: after_padded_key(&block, 0x36), outer: after_padded_key(&block, 0x5c) };
        block.zeroize();
        key
    }
}

impl Drop for HmacSha512 {
    fn drop(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl ZeroizeOnDrop for HmacSha512 {}

impl core::fmt::Debug for HmacSha512 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacSha512(..)")
    }
}

fn after_padded_key(key: &[u8; BLOCK], pad: u8) -> State {
    let mut block = key.map(|byte| byte ^ pad);
    let mut state = INITIAL;
    compress512(&mut state, core::slice::from_ref(&block));
    block.zeroize();
    state
}

/// Computes the MAC of a message. Wiped on drop.
pub struct HmacSha512Stream {
    inner: State,
    outer: State,
    /// All bytes from `filled` on are zero.
    block: [u8; BLOCK],
    filled: usize,
    /// The number of bytes hashed in whole blocks, including the block of the padded key.
    hashed: u64,
}

impl HmacSha512Stream {
    /// Adds bytes to the message.
    pub fn update(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at_checked(BLOCK - self.filled).unwrap_or((bytes, &[]));
        if let Some(room) = self.block.get_mut(self.filled..self.filled + head.len()) {
            room.copy_from_slice(head);
        }
        self.filled += head.len();
        if self.filled < BLOCK {
            return;
        }
        self.compress_block();
        let (blocks, tail) = rest.as_chunks::<BLOCK>();
        compress512(&mut self.inner, blocks);
        self.hashed = self.hashed.wrapping_add((rest.len() - tail.len()) as u64);
        if let Some(start) = self.block.get_mut(..tail.len()) {
            start.copy_from_slice(tail);
        }
        self.filled = tail.len();
    }

    /// Returns the MAC. The stream must not be used afterwards. It is borrowed, because moving it would leave
    /// a copy of the key states that is never wiped.
    #[must_use]
    pub fn finish(&mut self) -> [u8; 64] {
        self.pad();
        // The message of the outer hash: the inner digest in a single block with padding and length.
        self.block = [0; BLOCK];
        if let Some(digest) = self.block.first_chunk_mut() {
            *digest = big_endian(&self.inner);
        }
        (self.inner, self.hashed, self.filled) = (self.outer, BLOCK as u64, 64);
        self.pad();
        big_endian(&self.inner)
    }

    /// Compares the MAC with a received MAC in constant time. The stream must not be used afterwards.
    #[must_use]
    pub fn verify(&mut self, received: &[u8; 64]) -> bool {
        equal(&self.finish(), received).into()
    }

    /// Hashes the block and clears it, as required for the padding.
    fn compress_block(&mut self) {
        compress512(&mut self.inner, core::slice::from_ref(&self.block));
        self.block = [0; BLOCK];
        self.hashed = self.hashed.wrapping_add(BLOCK as u64);
    }

    /// Adds the padding (FIPS 180-4 section 5.1.2). The upper half of the length is always zero.
    fn pad(&mut self) {
        let bits = self.hashed.wrapping_add(self.filled as u64).wrapping_mul(8);
        if let Some(end) = self.block.get_mut(self.filled) {
            *end = 0x80;
        }
        if self.filled >= LENGTH_AT {
            self.compress_block();
        }
        if let Some(length) = self.block.last_chunk_mut() {
            *length = bits.to_be_bytes();
        }
        compress512(&mut self.inner, core::slice::from_ref(&self.block));
    }
}

impl Drop for HmacSha512Stream {
    fn drop(&mut self) {
        // Wipes the states, which are equivalent to the key. The block contains only data sent over the wire.
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl ZeroizeOnDrop for HmacSha512Stream {}

impl core::fmt::Debug for HmacSha512Stream {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacSha512Stream(..)")
    }
}

fn big_endian(words: &State) -> [u8; 64] {
    let mut bytes = [0; 64];
    for (chunk, word) in bytes.as_chunks_mut::<8>().0.iter_mut().zip(words) {
        *chunk = word.to_be_bytes();
    }
    bytes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]
    use hmac::{Hmac, KeyInit as _, Mac as _};
    use sha2::Sha512;
    use std::vec::Vec;

    use super::{HmacSha512, Keyed as _};

    fn oracle(secret: &[u8], message: &[u8]) -> [u8; 64] {
        let mut mac = Hmac::<Sha512>::new_from_slice(secret).unwrap();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    #[test]
    fn every_length_of_key_and_message_agrees_with_the_library() {
        let bytes: Vec<u8> = (0_u8..=255).cycle().take(600).collect();
        for length in 0..400 {
            let (secret, message) = (&bytes[..length], &bytes[..600 - length]);
            let key = HmacSha512::keyed(secret);
            let mut stream = key.stream();
            stream.update(message);
            assert_eq!(stream.finish(), oracle(secret, message), "{length}");
            let mut stream = key.stream();
            stream.update(message);
            assert!(stream.verify(&oracle(secret, message)));
        }
    }

    #[test]
    fn a_message_in_pieces_is_the_message() {
        let message: Vec<u8> = (0_u8..=255).cycle().take(400).collect();
        for split in 0..400 {
            let mut stream = HmacSha512::keyed(b"key").stream();
            message[..split].chunks(1 + split / 3).for_each(|piece| stream.update(piece));
            stream.update(&message[split..]);
            assert_eq!(stream.finish(), oracle(b"key", &message), "{split}");
        }
    }

    #[test]
    fn one_bit_off_is_another_mac() {
        for bit in 0..512 {
            let mut mac = oracle(b"key", b"");
            mac[bit / 8] ^= 1 << (bit % 8);
            assert!(!HmacSha512::keyed(b"key").stream().verify(&mac));
        }
    }
}
