//! Wiping of stack memory that contained key material.
//!
//! A key is wiped on drop. However, moving a key leaves its old bytes on the stack, and hash functions store
//! their state in stack frames. After these functions return, their stack memory can be overwritten without
//! `unsafe`. This is done when keys are created or removed, not per request.

use zeroize::Zeroize;

/// Larger than the stack that creating a key ring or verifying the longest token uses, in bytes.
#[cfg(feature = "alloc")]
pub(crate) const RING: usize = 16 * 1024;
/// Larger than the stack that hashing a padded key uses, in bytes.
pub(crate) const KEY: usize = 2 * 1024;

/// Calls `make` and then overwrites `BYTES` of the stack frames that it used.
pub(crate) fn wiped<const BYTES: usize, T>(make: impl FnOnce() -> T) -> T {
    let made = below(make);
    overwrite::<BYTES>();
    made
}

#[inline(never)]
fn below<T>(make: impl FnOnce() -> T) -> T {
    make()
}

/// Overwrites the stack below this frame, including the data of the thread's last signature or verification.
#[inline(never)]
pub(crate) fn overwrite<const BYTES: usize>() {
    // The compiler does not remove writes made by `zeroize`.
    [1_u8; BYTES].zeroize();
}
