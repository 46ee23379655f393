//! Wipes stack memory that contained key material.
//!
//! A key is wiped on drop. However, moving a key leaves a copy of its bytes on the stack, and hash functions
//! keep their state on the stack. This module overwrites that memory without `unsafe`: when such a function
//! returns, it calls another function that uses the same part of the stack. This is done when keys are
//! created or removed, but not for each request.

use zeroize::Zeroize;

/// The number of stack bytes to overwrite after a key set is created and when a key ring is dropped. It is
/// more than creating a key set or verifying the longest token uses.
#[cfg(feature = "alloc")]
pub(crate) const RING: usize = 16 * 1024;
/// The number of stack bytes to overwrite after a padded key is hashed, which is more than the hash function
/// uses.
pub(crate) const KEY: usize = 2 * 1024;

/// Calls `make` and then overwrites the first `BYTES` bytes of the stack that `make` used.
pub(crate) fn wiped<const BYTES: usize, T>(make: impl FnOnce() -> T) -> T {
    let made = below(make);
    overwrite::<BYTES>();
    made
}

#[inline(never)]
fn below<T>(make: impl FnOnce() -> T) -> T {
    make()
}

/// Overwrites `BYTES` bytes of the unused stack, which can still contain data from the last signature or
/// verification in this thread.
#[inline(never)]
pub(crate) fn overwrite<const BYTES: usize>() {
    // The compiler does not remove writes made by `zeroize`.
    [1_u8; BYTES].zeroize();
}
