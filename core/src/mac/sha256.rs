//! HMAC-SHA-256 with precomputed hash states for each key.
//!
//! RFC 2104 section 4 allows storing the hash states after the block of the padded key. This saves two of
//! five compressions for a short message such as a signing input. `hmac::Hmac` also stores the states, but
//! cloning it copies its buffers. The tests compare this code with `hmac`.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop};

use super::{Keyed, equal};
use crate::bytes::hex;
use crate::bytes::sink::Sink;

const BLOCK: usize = 64;
/// Two blocks, because most signing inputs fit and both blocks are then hashed in a single call.
const BUFFER: usize = 2 * BLOCK;
/// The length of the 64-bit message length at the end of the last block (FIPS 180-4 section 5.1.1), in bytes.
const LENGTH: usize = 8;
/// The initial hash value (FIPS 180-4 section 5.3.3).
const INITIAL: State =
    [0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab, 0x5be0_cd19];

type State = [u32; 8];

/// An HMAC-SHA-256 key, stored as a pair of hash states. Wiped on drop.
#[derive(Clone)]
pub struct HmacSha256(States);

/// The inner and outer hash states. Not wiped on drop; the stream wipes only the states it uses.
#[derive(Clone, Copy)]
struct States {
    inner: State,
    outer: State,
}

impl HmacSha256 {
    /// Starts a MAC with this key. Returns the stream by value, unlike [`HmacSha256Stream::begin`].
    #[must_use]
    pub fn stream(&self) -> HmacSha256Stream<1> {
        let mut stream = HmacSha256Stream::idle();
        stream.begin([self]);
        stream
    }
}

impl Keyed for HmacSha256 {
    fn keyed(secret: &[u8]) -> Self {
        let mut block = [0; BLOCK];
        if let Some(start) = block.get_mut(..secret.len()) {
            start.copy_from_slice(secret);
        } else if let Some(start) = block.first_chunk_mut::<32>() {
            // A key longer than a block is hashed first (RFC 2104 section 2).
            *start = Sha256::digest(secret).into();
        }
        let key =
            Self(States { inner: after_padded_key(&block, 0x36), outer: after_padded_key(&block, 0x5c) });
        block.zeroize();
        key
    }
}

impl Drop for HmacSha256 {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

impl ZeroizeOnDrop for HmacSha256 {}

impl States {
    fn wipe(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

impl core::fmt::Debug for HmacSha256 {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacSha256(..)")
    }
}

fn after_padded_key(key: &[u8; BLOCK], pad: u8) -> State {
    let mut block = key.map(|byte| byte ^ pad);
    let mut state = INITIAL;
    compress256(&mut state, core::slice::from_ref(&block));
    block.zeroize();
    state
}

/// Computes the MAC of one message with up to `KEYS` keys, so the body is read only once if the request names
/// no key version. Wiped on drop.
#[derive(Clone)]
pub struct HmacSha256Stream<const KEYS: usize> {
    keys: [States; KEYS],
    used: usize,
    /// All bytes from `filled` on are zero, as required for the padding. This is cheaper than clearing them
    /// later.
    buffer: [u8; BUFFER],
    filled: usize,
    /// The number of bytes hashed in whole blocks, including the block of the padded key.
    hashed: u64,
}

impl<const KEYS: usize> HmacSha256Stream<KEYS> {
    /// Creates a stream without a key. [`HmacSha256Stream::begin`] starts a MAC.
    #[must_use]
    #[inline]
    pub const fn idle() -> Self {
        let keys = [States { inner: [0; 8], outer: [0; 8] }; KEYS];
        Self { keys, used: 0, buffer: [0; BUFFER], filled: 0, hashed: BLOCK as u64 }
    }

    /// Starts a MAC for each of `keys`; at most `KEYS` keys are used. Discards an unfinished MAC. Works in
    /// place, because moving a stream would leave a copy of the key states in memory.
    #[inline]
    pub fn begin<'k>(&mut self, keys: impl IntoIterator<Item = &'k HmacSha256>) {
        self.wipe();
        self.buffer = [0; BUFFER];
        (self.used, self.filled, self.hashed) = (0, 0, BLOCK as u64);
        for (slot, key) in self.keys.iter_mut().zip(keys) {
            *slot = key.0;
            self.used += 1;
        }
    }

    /// Adds bytes to the message.
    #[inline]
    pub fn update(&mut self, bytes: &[u8]) {
        let end = self.filled.wrapping_add(bytes.len());
        match self.buffer.get_mut(self.filled..end) {
            // The common case: the signing input fits in the buffer.
            Some(room) if end < BUFFER => {
                room.copy_from_slice(bytes);
                self.filled = end;
            }
            _ => self.update_across(bytes),
        }
    }

    fn update_across(&mut self, bytes: &[u8]) {
        let (head, rest) = bytes.split_at_checked(BUFFER - self.filled).unwrap_or((bytes, &[]));
        if let Some(room) = self.buffer.get_mut(self.filled..) {
            room.copy_from_slice(head);
        }
        self.compress_buffer();
        let (blocks, tail) = rest.as_chunks::<BLOCK>();
        if !blocks.is_empty() {
            compress(&mut self.keys, self.used, blocks);
        }
        if let Some(start) = self.buffer.get_mut(..tail.len()) {
            start.copy_from_slice(tail);
        }
        self.filled = tail.len();
        self.hashed = self.hashed.wrapping_add((BUFFER + rest.len() - tail.len()) as u64);
    }

    fn compress_buffer(&mut self) {
        compress(&mut self.keys, self.used, self.buffer.as_chunks().0);
        self.buffer = [0; BUFFER];
    }

    /// Finishes the message. The stream is borrowed, because moving it would leave a copy of the key states
    /// that is never wiped.
    ///
    /// Only the outer hash remains to be computed, which depends on the inner hash. The processor can execute
    /// independent work between this call and the MAC in parallel.
    #[inline]
    pub fn end(&mut self) -> FinishedMacs<'_> {
        self.pad();
        FinishedMacs(self.keys.get(..self.used).unwrap_or_default())
    }

    /// Wipes the states, which are equivalent to the key. The buffer contains only data sent over the wire.
    #[inline]
    fn wipe(&mut self) {
        self.keys.iter_mut().take(self.used).for_each(States::wipe);
    }

    /// Adds the padding (FIPS 180-4 section 5.1.1).
    #[inline]
    fn pad(&mut self) {
        let bits = self.hashed.wrapping_add(self.filled as u64).wrapping_mul(8);
        if let Some(end) = self.buffer.get_mut(self.filled) {
            *end = 0x80;
        }
        if self.filled + LENGTH >= BUFFER {
            self.compress_buffer();
            self.filled = 0;
        }
        let blocks = (self.filled + LENGTH) / BLOCK + 1;
        let last = self.buffer.get_mut(..blocks * BLOCK).unwrap_or_default();
        if let Some(length) = last.last_chunk_mut() {
            *length = bits.to_be_bytes();
        }
        compress(&mut self.keys, self.used, last.as_chunks().0);
    }
}

impl<const KEYS: usize> Sink for HmacSha256Stream<KEYS> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

impl<const KEYS: usize> Drop for HmacSha256Stream<KEYS> {
    fn drop(&mut self) {
        self.wipe();
    }
}

impl<const KEYS: usize> ZeroizeOnDrop for HmacSha256Stream<KEYS> {}

impl<const KEYS: usize> core::fmt::Debug for HmacSha256Stream<KEYS> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HmacSha256Stream(..)")
    }
}

/// A finished message with the states of each key.
pub struct FinishedMacs<'s>(&'s [States]);

impl FinishedMacs<'_> {
    /// Returns the MAC for the first key.
    #[must_use]
    #[inline]
    pub fn mac(&self) -> Mac {
        self.0.first().map_or(Mac([0; 32]), outer_hash)
    }

    /// Returns the index of the key whose MAC equals the received MAC. All keys are compared in constant
    /// time, so timing reveals nothing about a wrong MAC.
    #[must_use]
    #[inline]
    pub fn find(&self, received: &Mac) -> Option<usize> {
        let mut found = None;
        for (index, key) in self.0.iter().enumerate() {
            if bool::from(outer_hash(key).ct_eq(received)) {
                found = Some(index);
            }
        }
        found
    }
}

impl core::fmt::Debug for FinishedMacs<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("FinishedMacs(..)")
    }
}

#[inline]
fn compress(keys: &mut [States], used: usize, blocks: &[[u8; BLOCK]]) {
    for key in keys.iter_mut().take(used) {
        compress256(&mut key.inner, blocks);
    }
}

/// Computes the outer hash in a single block: the inner digest, padding and length.
fn outer_hash(key: &States) -> Mac {
    let mut block = OUTER_PADDING;
    if let Some(digest) = block.first_chunk_mut() {
        *digest = big_endian(&key.inner);
    }
    let mut state = key.outer;
    compress256(&mut state, core::slice::from_ref(&block));
    Mac(big_endian(&state))
}

/// The rest of the outer block after the inner digest: the padding, and the length of a padded key and 32
/// bytes.
const OUTER_PADDING: [u8; BLOCK] = {
    let mut block = [0; BLOCK];
    block[32] = 0x80;
    let [.., high, low] = ((BLOCK as u64 + 32) * 8).to_be_bytes();
    block[BLOCK - 2] = high;
    block[BLOCK - 1] = low;
    block
};

fn big_endian(words: &State) -> [u8; 32] {
    let mut bytes = [0; 32];
    for (chunk, word) in bytes.as_chunks_mut::<4>().0.iter_mut().zip(words) {
        *chunk = word.to_be_bytes();
    }
    bytes
}

/// A 32-byte MAC. It has no `==` operator, because MACs must be compared in constant time. Aligned for
/// comparison in words.
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

impl ConstantTimeEq for Mac {
    fn ct_eq(&self, other: &Self) -> Choice {
        equal(&self.0, &other.0)
    }
}

impl core::fmt::Debug for Mac {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Mac(..)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::cast_possible_truncation, reason = "tests fail by panicking")]
mod tests {
    use super::{HmacSha256, HmacSha256Stream, Keyed, Mac};
    use hmac::{Hmac, KeyInit, Mac as _};
    use std::vec::Vec;

    fn oracle(secret: &[u8], message: &[u8]) -> [u8; 32] {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(secret).unwrap();
        mac.update(message);
        mac.finalize().into_bytes().into()
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_the_hmac_crate(secret: Vec<u8>, parts: Vec<Vec<u8>>) {
            let mut stream = HmacSha256::keyed(&secret).stream();
            parts.iter().for_each(|part| stream.update(part));
            let mac = stream.end().mac();
            proptest::prop_assert_eq!(mac.as_bytes(), &oracle(&secret, &parts.concat()));
        }
    }

    #[test]
    fn agrees_with_the_hmac_crate_at_every_length_around_the_block() {
        for length in 0..300 {
            let message: Vec<u8> = (0..length).map(|at| at as u8).collect();
            let secret = message.get(..length / 2).unwrap();
            for split in 0..=length {
                let mut stream = HmacSha256::keyed(secret).stream();
                let (head, tail) = message.split_at(split);
                stream.update(head);
                stream.update(tail);
                assert_eq!(
                    stream.end().mac().as_bytes(),
                    &oracle(secret, &message),
                    "{length} split at {split}"
                );
            }
        }
    }

    #[test]
    fn finds_the_key_that_made_the_mac() {
        let keys: Vec<_> = (0..5_u8).map(|at| HmacSha256::keyed(&[at])).collect();
        let mut stream = HmacSha256Stream::<8>::idle();
        stream.begin(&keys);
        stream.update(b"message");
        assert_eq!(stream.clone().end().find(&Mac::from_bytes(oracle(&[3], b"message"))), Some(3));
        assert_eq!(stream.clone().end().find(&Mac::from_bytes(oracle(&[7], b"message"))), None);
        assert_eq!(stream.end().find(&Mac::from_bytes([0; 32])), None, "unused places hold no key");
    }
}
