//! Wiping of stack memory that contained key material.
//!
//! A key is wiped on drop. However, moving a key leaves a copy of its bytes on the stack, and hash functions
//! store their state on the stack. After such a function returns, another function can overwrite the same
//! stack memory without `unsafe`. The stack is overwritten when keys are created or removed, but not for each
//! request.

use zeroize::Zeroize;

/// The number of stack bytes to overwrite after a key ring is created or dropped. The number is larger than
/// the stack that these operations use.
#[cfg(feature = "alloc")]
pub(crate) const RING: usize = 16 * 1024;
/// The number of stack bytes to overwrite after a padded key is hashed. The number is larger than the stack
/// that the hash function uses.
pub(crate) const KEY: usize = 2 * 1024;

/// Calls `make` and then overwrites the first `BYTES` of the stack that `make` used.
pub(crate) fn wiped<const BYTES: usize, T>(make: impl FnOnce() -> T) -> T {
    let made = below(make);
    overwrite::<BYTES>();
    made
}

#[inline(never)]
fn below<T>(make: impl FnOnce() -> T) -> T {
    make()
}

/// Overwrites `BYTES` of the unused stack. This memory can contain data of the last signature or verification
/// of the thread.
#[inline(never)]
pub(crate) fn overwrite<const BYTES: usize>() {
    // The compiler does not remove writes made by `zeroize`.
    [1_u8; BYTES].zeroize();
}
