//! The floor: the SHA-256 compressions of a message, bare. Nothing that authenticates it can be faster than this.

use sha2::block_api::compress256;
use std::hint::black_box;

use crate::harness::Subject;

const BLOCK: usize = 64;

/// Compressions of HMAC-SHA-256 over so many bytes with the two key states kept: the message, its end mark and length, and
/// one for the outer hash.
pub const fn compressions(bytes: usize) -> usize {
    (bytes + 9).div_ceil(BLOCK) + 1
}

/// All in one call, each depending on the one before: the cheapest order there is.
pub fn subject(bytes: usize) -> Subject {
    let blocks = vec![[0x5a; BLOCK]; compressions(bytes)];
    let mut state = [0x6a09_e667; 8];
    Subject::calls("floor", 4000, move || {
        compress256(&mut state, black_box(&blocks));
        black_box(&state);
    })
}
