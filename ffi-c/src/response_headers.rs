//! The response headers that a server sets after a verification.

use core::ffi::c_char;
use std::ffi::CString;
use std::sync::LazyLock;

use sealwire_host::response::{REJECTED_CACHE_CONTROL, VERIFIED_CACHE_CONTROL, challenge_for};

use crate::guard::guard;
use crate::opaque::borrow;
use crate::status::{rejection, sealwire_status};
use crate::text::{TextOut, sealwire_text};
use crate::verifier::sealwire_verifier;

/// Writes the value of the header `WWW-Authenticate` to `buffer`, with a final NUL. A response with the
/// HTTP status 401 must have this header (RFC 9110 section 11.6.1). `status` is the result of the
/// verification. `*length` does not include the NUL. `*length` is 0 unless the HTTP status of the response
/// is 401. If `buffer_size` is 0, only `*length` is written. 128 bytes are always sufficient. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_challenge(
    verifier: *const sealwire_verifier,
    status: i32,
    buffer: *mut c_char,
    buffer_size: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles, buffers and outputs.
        let (verifier, text) = unsafe { (borrow(verifier)?, TextOut::new(buffer, buffer_size, length)?) };
        let service = verifier.policy().service.as_str();
        let challenge = rejection(status).and_then(|reason| challenge_for(reason, service));
        text.write(challenge.unwrap_or_default())
    })
}

/// Returns the value of the header `Cache-Control` for the response. The value prevents shared caches from
/// sending the response to another peer. The value is `private` for a verified request and `no-store` for a
/// rejected request. If the application has set this header for a verified request, do not replace it. The
/// text is static. Do not free it. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_cache_control(status: i32) -> sealwire_text {
    let is_verified = status == sealwire_status::Ok as i32;
    sealwire_text::of_c(if is_verified { &VALUES.0 } else { &VALUES.1 })
}

static VALUES: LazyLock<(CString, CString)> = LazyLock::new(|| {
    // `CString::new` cannot fail here, because the strings of `sealwire-host` contain no NUL.
    let ended = |text: &str| CString::new(text).unwrap_or_default();
    (ended(VERIFIED_CACHE_CONTROL), ended(REJECTED_CACHE_CONTROL))
});
