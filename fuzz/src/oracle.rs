//! A reference implementation of the MACs, which uses the `hmac` crate.

use hmac::{Hmac, KeyInit, Mac};
use sha2::{Digest, Sha256, Sha512};

pub const PAIR_SECRET: &[u8] = b"test-secret-32-bytes-long-for-testing";
pub const CLIENT_SECRET: &[u8] = b"my-shared-secret";
pub const OLD_SECRET: &[u8] = b"an older secret";
pub const ISSUER_SECRET: &[u8] = b"k-v1";

pub fn sha256_mac(secret: &[u8], parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).unwrap();
    parts.iter().for_each(|part| mac.update(part));
    mac.finalize().into_bytes().to_vec()
}

pub fn sha512_mac(secret: &[u8], message: &[u8]) -> Vec<u8> {
    let mut mac = Hmac::<Sha512>::new_from_slice(secret).unwrap();
    mac.update(message);
    mac.finalize().into_bytes().to_vec()
}

pub fn sha256(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
