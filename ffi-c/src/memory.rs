//! Wipes memory that contained a secret.

use core::ffi::c_void;

use zeroize::Zeroize as _;

use crate::guard::guard_free;
use crate::pointer::OutSlice;

/// Overwrites `size` bytes with zeros. The compiler cannot optimise the write away. Use this function to
/// wipe secrets in your own buffers after a key ring is built. NULL and a size of 0 are allowed.
/// Thread-safe for memory that no other thread uses.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_memzero(memory: *mut c_void, size: usize) {
    guard_free(|| {
        // SAFETY: the C caller guarantees valid buffers.
        let memory = unsafe { OutSlice::new(memory.cast::<u8>(), size) }?;
        memory.into_uninit().zeroize();
        Ok(())
    });
}
