//! Wiping memory that held a secret.

use core::ffi::c_void;

use zeroize::Zeroize as _;

use crate::guard::guard_free;
use crate::pointer::OutSlice;

/// Overwrites `size` bytes with zeros, in a way no compiler leaves out: for secrets in the caller's own buffers
/// once a key ring is built. NULL and 0 are fine. Thread-safe for memory no other thread uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_memzero(memory: *mut c_void, size: usize) {
    guard_free(|| {
        // SAFETY: the caller's promise for buffers.
        let memory = unsafe { OutSlice::new(memory.cast::<u8>(), size) }?;
        memory.into_uninit().zeroize();
        Ok(())
    });
}
