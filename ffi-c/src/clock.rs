//! The current time and random nonces.

use core::ffi::c_char;

use crate::guard::guard;
use crate::pointer::OutSlice;
use crate::status::{Failure, sealwire_status};
use crate::text::filled;

/// The size of a buffer for a nonce, in bytes. A nonce is a UUID of 36 characters and a NUL.
pub const SEALWIRE_NONCE_SIZE: usize = 37;

/// Returns the time in milliseconds since the Unix epoch. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_now_ms() -> u64 {
    sealwire_host::now_ms()
}

/// Creates a new nonce and writes it to `buffer`. The nonce is a random UUID with a final NUL.
/// `buffer_size` must be at least `SEALWIRE_NONCE_SIZE`. Use each nonce for only one request. In the
/// `client` scheme, the nonce is also the request id.
///
/// Returns `SEALWIRE_STATUS_SYSTEM` if the operating system provides no random bytes. In this case, do not
/// sign the request. Thread-safe, and safe after `fork`.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_fresh_nonce(buffer: *mut c_char, buffer_size: usize) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid buffers.
        let out = unsafe { OutSlice::new(buffer, buffer_size) }?;
        out.check_capacity(SEALWIRE_NONCE_SIZE)?;
        let nonce = sealwire_host::fresh_nonce().map_err(|_| sealwire_status::System)?;
        out.write(&filled::<SEALWIRE_NONCE_SIZE>(nonce.as_str()))
    })
}

/// The earliest valid time in Unix milliseconds, which is in 1973. The current time in seconds is a smaller
/// number.
const EARLIEST_MS: u64 = 100_000_000_000;
/// The end of the valid times in Unix milliseconds, which is in 5138. The current time in microseconds or
/// nanoseconds is a larger number.
const LATEST_MS: u64 = 100_000_000_000_000;

/// The error message for a time that is not in milliseconds.
pub(crate) const WRONG_UNIT: &str = "now_ms must be Unix milliseconds; pass sealwire_now_ms()";

/// Returns an error for a time that is not in milliseconds, because verifiers would reject the signature.
pub(crate) fn check_now_ms(now_ms: u64) -> Result<u64, Failure> {
    let milliseconds = (EARLIEST_MS..LATEST_MS).contains(&now_ms);
    if milliseconds { Ok(now_ms) } else { Err(sealwire_status::InvalidArgument.into()) }
}

/// Discards the random bytes that the library has buffered for future nonces. Call this function in each copy
/// of the process that was not created by `fork`, such as a restored snapshot or a copy made with a raw `clone`
/// call. The copy contains the same random bytes as the original. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_discard_nonces() {
    sealwire_host::discard_nonces();
}
