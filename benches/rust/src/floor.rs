//! The lower bound for the time to sign or verify a message, which is the time of the SHA-256 compressions
//! that the HMAC requires.

use sha2::block_api::compress256;
use std::hint::black_box;

use crate::harness::Subject;

const BLOCK: usize = 64;

/// Returns the number of compressions that HMAC-SHA-256 requires for a message of this size in bytes. The two
/// key blocks are not counted, because their hash states are computed only once per key.
pub const fn compressions(bytes: usize) -> usize {
    (bytes + 9).div_ceil(BLOCK) + 1
}

/// Measures all compressions of a message in a single call, which is faster than one call per block.
pub fn subject(bytes: usize) -> Subject {
    let blocks = vec![[0x5a; BLOCK]; compressions(bytes)];
    let mut state = [0x6a09_e667; 8];
    Subject::calls("floor", 4000, move || {
        compress256(&mut state, black_box(&blocks));
        black_box(&state);
    })
}
