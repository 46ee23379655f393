//! The lower bound: only the SHA-256 compressions of a message. No authentication can be faster.

use sha2::block_api::compress256;
use std::hint::black_box;

use crate::harness::Subject;

const BLOCK: usize = 64;

/// Returns the number of compressions of HMAC-SHA-256 for a message of this size. The key states are precomputed, so
/// these are the blocks of the padded message and one block of the outer hash.
pub const fn compressions(bytes: usize) -> usize {
    (bytes + 9).div_ceil(BLOCK) + 1
}

/// All compressions in one call, each with the result of the previous one, which is the fastest order.
pub fn subject(bytes: usize) -> Subject {
    let blocks = vec![[0x5a; BLOCK]; compressions(bytes)];
    let mut state = [0x6a09_e667; 8];
    Subject::calls("floor", 4000, move || {
        compress256(&mut state, black_box(&blocks));
        black_box(&state);
    })
}
