//! Wiping the stack that keys were made on.
//!
//! A key wipes itself when it is dropped, but moving one leaves the bytes it was moved from, a key that goes into a ring is
//! moved, and a hash function keeps its state in registers and frames of its own. No `unsafe` is needed to be rid of
//! these: the frames are free when their functions have returned. Done where keys come and go, never per request.

use zeroize::Zeroize;

/// More than making a key set takes, or verifying the longest token.
const BYTES: usize = 16 * 1024;

/// Calls `make` in a new stack frame, then overwrites that frame and all below it.
pub(super) fn wiped<T>(make: impl FnOnce() -> T) -> T {
    let made = below(make);
    overwrite();
    made
}

#[inline(never)]
fn below<T>(make: impl FnOnce() -> T) -> T {
    make()
}

/// Overwrites the stack frames below this one, with the remains of the thread's last signature or verification.
#[inline(never)]
pub(super) fn overwrite() {
    // `zeroize` writes in a way the compiler may not leave out.
    [1_u8; BYTES].zeroize();
}
