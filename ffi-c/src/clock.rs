//! The clock and nonces of the operating system.

use core::ffi::c_char;

use crate::guard::guard;
use crate::pointer::OutSlice;
use crate::status::{Failure, sealwire_status};
use crate::text::filled;

/// The size of the buffer for a nonce: 36 characters of a UUID and a NUL.
pub const SEALWIRE_NONCE_SIZE: usize = 37;

/// Returns the time in milliseconds since the Unix epoch. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_now_ms() -> u64 {
    sealwire_host::now_ms()
}

/// Writes a new nonce, a random UUID with a final NUL, to `buffer` of at least `SEALWIRE_NONCE_SIZE` bytes. Use
/// it for one request only. In the `client` scheme it is also the request id. Thread-safe, and safe after
/// `fork`.
///
/// Returns `SEALWIRE_STATUS_SYSTEM` if the operating system has no random bytes: do not sign then.
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

/// The earliest valid time, in Unix milliseconds: a day in 1973. A time in seconds is a smaller number, and so is 0.
const EARLIEST_MS: u64 = 100_000_000_000;
/// The end of the valid times, in Unix milliseconds: a day in 5138. A time in microseconds or nanoseconds is a larger
/// number.
const LATEST_MS: u64 = 100_000_000_000_000;

/// The error message for a time that is not in milliseconds.
pub(crate) const WRONG_UNIT: &str = "now_ms must be Unix milliseconds; pass sealwire_now_ms()";

/// Rejects a time that is not in milliseconds, because a signature with such a time would never verify.
pub(crate) fn check_now_ms(now_ms: u64) -> Result<u64, Failure> {
    let milliseconds = (EARLIEST_MS..LATEST_MS).contains(&now_ms);
    if milliseconds { Ok(now_ms) } else { Err(sealwire_status::InvalidArgument.into()) }
}

/// Discards the random bytes that the threads have read in advance for nonces. Call it in each copy after the memory
/// of the process was copied without `fork`, such as by a restored snapshot or a raw `clone`. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_discard_nonces() {
    sealwire_host::discard_nonces();
}
