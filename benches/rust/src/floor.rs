//! The lower bound of all times. The bound is the time of the SHA-256 compressions that the HMAC of a message
//! requires.

use sha2::block_api::compress256;
use std::hint::black_box;

use crate::harness::Subject;

const BLOCK: usize = 64;

/// Returns the number of compressions that HMAC-SHA-256 requires for a message of this size in bytes. The key
/// states are already computed. Therefore, only the blocks of the padded message and one block of the outer
/// hash are counted.
pub const fn compressions(bytes: usize) -> usize {
    (bytes + 9).div_ceil(BLOCK) + 1
}

/// Measures all compressions of a message in a single call, which is the fastest method.
pub fn subject(bytes: usize) -> Subject {
    let blocks = vec![[0x5a; BLOCK]; compressions(bytes)];
    let mut state = [0x6a09_e667; 8];
    Subject::calls("floor", 4000, move || {
        compress256(&mut state, black_box(&blocks));
        black_box(&state);
    })
}
