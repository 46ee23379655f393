//! Message authentication codes (RFC 2104, FIPS 198-1). Requests use HMAC-SHA-256, and connection strings use
//! HMAC-SHA-512.
//!
//! The `hmac` crate computes the MACs. Its type [`HmacCore`] stores the inner and outer hash states of a key
//! (RFC 2104 section 4), so each padded key is hashed only once. `hmac::Hmac` is not used, because finalizing
//! it moves the value, which leaves a copy of the key states on the stack.

pub(crate) mod sha256;
pub(crate) mod sha512;

use core::fmt;

use hmac::block_api::HmacCore;
use hmac::digest::block_api::{Buffer, EagerHash, FixedOutputCore as _, UpdateCore as _};
use hmac::digest::{KeyInit as _, Output};
use subtle::{Choice, ConstantTimeEq};
use zeroize::ZeroizeOnDrop;

use crate::bytes::frames;
use crate::bytes::sink::Sink;

pub use sha256::{HmacSha256, HmacSha256Stream, Mac};
pub use sha512::{HmacSha512, HmacSha512Stream};

/// Compares two MACs in constant time. Comparing 8-byte words takes about 1 ns. The byte-wise comparison of
/// `subtle` takes about 36 ns for 32 bytes.
pub(crate) fn equal<const BYTES: usize>(one: &[u8; BYTES], other: &[u8; BYTES]) -> Choice {
    const { assert!(BYTES.is_multiple_of(8), "the bytes after the last word would not be compared") };
    let words = one.as_chunks().0.iter().zip(other.as_chunks().0);
    words.fold(0, |sum, (a, b)| sum | (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b))).ct_eq(&0)
}

/// A MAC algorithm with a key.
pub trait Keyed: Sized {
    /// Creates a keyed MAC from a secret of any length. This function also accepts weak secrets, which
    /// `Key::new` rejects.
    fn keyed(secret: &[u8]) -> Self;
}

/// An HMAC key, stored as a pair of hash states. The key is wiped on drop.
pub struct HmacKey<D: EagerHash>(HmacCore<D>);

impl<D: EagerHash> Keyed for HmacKey<D> {
    fn keyed(secret: &[u8]) -> Self {
        // `HmacCore` leaves the padded key on the stack, so the stack is wiped.
        frames::wiped::<{ frames::KEY }, _>(|| {
            Self(HmacCore::new_from_slice(secret).unwrap_or_else(|_| unreachable!("a key has any length")))
        })
    }
}

/// Computes the MAC of one message under up to `KEYS` keys at once. Several keys are necessary if the request
/// contains no key version. The stream is wiped on drop.
pub struct HmacStream<D: EagerHash, const KEYS: usize> {
    keys: [Option<HmacCore<D>>; KEYS],
    buffer: Buffer<HmacCore<D>>,
}

impl<D: EagerHash, const KEYS: usize> HmacStream<D, KEYS> {
    /// Creates a stream without a key. Call [`Self::begin`] to start a MAC.
    #[must_use]
    pub fn idle() -> Self {
        Self { keys: [const { None }; KEYS], buffer: Buffer::<HmacCore<D>>::default() }
    }

    /// Starts a new message under the first `KEYS` of `keys`. An unfinished message is discarded. The stream
    /// is changed in place, because moving it would leave a copy of the key states in memory.
    pub fn begin<'k>(&mut self, keys: impl IntoIterator<Item = &'k HmacKey<D>>)
    where
        D: 'k,
    {
        self.buffer.reset();
        let mut keys = keys.into_iter();
        for slot in &mut self.keys {
            *slot = keys.next().map(|key| key.0.clone());
        }
    }

    /// Adds bytes to the message.
    #[inline]
    pub fn update(&mut self, bytes: &[u8]) {
        let keys = &mut self.keys;
        self.buffer.digest_blocks(bytes, |blocks| {
            keys.iter_mut().flatten().for_each(|key| key.update_blocks(blocks));
        });
    }

    /// Returns the MAC under the key at `index`, or `None` if there is no such key. If `KEYS` is 1, only
    /// [`Self::begin`] may be called afterwards.
    #[inline]
    fn finish(&mut self, index: usize) -> Option<Output<HmacCore<D>>> {
        let key = self.keys.get_mut(index)?.as_mut()?;
        let mut mac = Output::<HmacCore<D>>::default();
        if KEYS == 1 {
            // The buffer is not copied, because copying it would wait for the last bytes to reach the cache.
            key.finalize_fixed_core(&mut self.buffer, &mut mac);
        } else {
            key.finalize_fixed_core(&mut self.buffer.clone(), &mut mac);
        }
        Some(mac)
    }
}

impl<D: EagerHash, const KEYS: usize> Sink for HmacStream<D, KEYS> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.update(bytes);
    }
}

/// The feature `zeroize` of `sha2` wipes the hash states on drop.
impl<D: EagerHash<Core: ZeroizeOnDrop>> ZeroizeOnDrop for HmacKey<D> {}
impl<D: EagerHash<Core: ZeroizeOnDrop>, const KEYS: usize> ZeroizeOnDrop for HmacStream<D, KEYS> {}

impl<D: EagerHash> fmt::Debug for HmacKey<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacKey(..)")
    }
}

impl<D: EagerHash, const KEYS: usize> fmt::Debug for HmacStream<D, KEYS> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacStream(..)")
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{HmacSha256, HmacSha256Stream, HmacSha512, HmacSha512Stream, Keyed, Mac};
    use hmac::{Hmac, KeyInit};
    use std::vec::Vec;

    fn oracle<M: KeyInit + hmac::Mac>(secret: &[u8], message: &[u8]) -> Vec<u8> {
        let mut mac = <M as KeyInit>::new_from_slice(secret).unwrap();
        mac.update(message);
        mac.finalize().into_bytes().to_vec()
    }

    #[test]
    fn macs_equal_those_of_the_hmac_crate_for_all_lengths_of_key_and_message() {
        let bytes: Vec<u8> = (0_u8..=255).cycle().take(300).collect();
        for length in 0..300 {
            let (secret, message) = bytes.split_at(length);
            let (short, long) = (HmacSha256::keyed(secret), HmacSha512::keyed(secret));
            for split in (0..message.len()).step_by(7) {
                let (mut one, mut other) = (HmacSha256Stream::<1>::idle(), HmacSha512Stream::idle());
                one.begin([&short]);
                other.begin([&long]);
                let (head, tail) = message.split_at(split);
                for part in [head, tail] {
                    one.update(part);
                    other.update(part);
                }
                assert_eq!(one.mac().as_bytes().to_vec(), oracle::<Hmac<sha2::Sha256>>(secret, message));
                assert_eq!(other.mac().to_vec(), oracle::<Hmac<sha2::Sha512>>(secret, message));
            }
        }
    }

    #[test]
    fn find_returns_the_index_of_the_matching_key() {
        let keys: Vec<_> = (0..5_u8).map(|at| HmacSha256::keyed(&[at])).collect();
        let mac =
            |key: u8| Mac::from_bytes(oracle::<Hmac<sha2::Sha256>>(&[key], b"message").try_into().unwrap());
        for (received, found) in [(mac(3), Some(3)), (mac(7), None), (Mac::from_bytes([0; 32]), None)] {
            let mut stream = HmacSha256Stream::<8>::idle();
            stream.begin(&keys);
            stream.update(b"message");
            assert_eq!(stream.find(&received), found);
        }
    }

    #[test]
    fn verify_rejects_a_mac_with_one_flipped_bit() {
        let key = HmacSha512::keyed(b"key");
        for bit in 0..512 {
            let mut mac: [u8; 64] = oracle::<Hmac<sha2::Sha512>>(b"key", b"").try_into().unwrap();
            *mac.get_mut(bit / 8).unwrap() ^= 1 << (bit % 8);
            let mut stream = HmacSha512Stream::idle();
            stream.begin([&key]);
            assert!(!stream.verify(&mac), "{bit}");
        }
    }
}
