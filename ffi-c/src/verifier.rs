//! Verifies requests and reports the counts of a verifier.

use core::ffi::{c_char, c_void};
use std::ffi::CStr;
use std::sync::Arc;
use std::time::Instant;

use sealwire_core::client::is_local_health_check;
use sealwire_core::{Reason, Request, Route, Scheme};
use sealwire_host::Verifier;

use crate::clock::check_now_ms;
use crate::counting::CountingVerifier;
use crate::guard::{guard, guard_free};
use crate::identity::sealwire_identity;
use crate::modes::sealwire_modes;
use crate::opaque::{Opaque, borrow, free, give};
use crate::pointer::{Out, slice};
use crate::rejection::sealwire_rejection;
use crate::request::{read_received, sealwire_request};
use crate::scheme::scheme;
use crate::status::{rejection, sealwire_status};
use crate::text::{TextOut, sealwire_text};
use crate::verdict::Verdict;

/// A verifier with a policy, a key ring and a replay table. After it is built, only its counters change.
/// Any number of threads may use it.
#[derive(Debug)]
pub struct sealwire_verifier {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_verifier {
    /// Pending verifications share the verifier, because they may be used after its handle is freed.
    type Held = Arc<CountingVerifier>;
    const TAG: u64 = u64::from_be_bytes(*b"verifier");
}

/// Verifies a complete request. Writes `*identity` on success. A positive status is a `sealwire_reason`. If
/// the status is positive, writes `*rejected`. The member `mode` of the rejection decides whether the
/// server must reject the request. `identity` and `rejected` may be NULL.
///
/// `now_ms` is the current time in milliseconds since the Unix epoch, which `sealwire_now_ms` returns. The contents of a request
/// never cause a negative status. Only the first call on a thread may allocate memory. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_verify(
    verifier: *const sealwire_verifier,
    request: *const sealwire_request,
    body: *const c_void,
    body_size: usize,
    now_ms: u64,
    identity: *mut sealwire_identity,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles, inputs and outputs.
        let (verifier, body) = unsafe { (borrow(verifier)?, slice(body.cast(), body_size)?) };
        // SAFETY: as above.
        let outputs = unsafe { Verdict::new(identity, rejected) }?;
        let verify = |request: &Request<'_>| {
            let (now_ms, started) = (check_now_ms(now_ms)?, Instant::now());
            let verdict = verifier.verify_routed(request, route(verifier, request), body, now_ms);
            outputs.write(verifier.decided(verdict, started, now_ms))
        };
        // SAFETY: as above.
        unsafe { read_received(request, verify) }
    })
}

/// Writes whether a request is exempt from verification. A request is exempt if its path is unambiguous and matches an exempt
/// path, and if no header overrides the method or the path. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_is_exempt(
    verifier: *const sealwire_verifier,
    request: *const sealwire_request,
    exempt: *mut bool,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (verifier, out) = unsafe { (borrow(verifier)?, Out::new(exempt)?) };
        let judge = |request: &Request<'_>| {
            out.write(verifier.policy().exempts_request(request, route(verifier, request)));
            Ok(())
        };
        // SAFETY: the C caller guarantees valid inputs.
        unsafe { read_received(request, judge) }
    })
}

/// Returns the path that the application uses for routing. It does not contain the root path of the policy.
pub(crate) fn route<'r>(verifier: &Verifier, request: &Request<'r>) -> Route<'r> {
    let policy = verifier.policy();
    policy.route(request.path(), policy.root_path.as_str().as_bytes())
}

/// Writes a handle to the modes of a verifier. Use it to change the modes while the service runs. Free it
/// with `sealwire_modes_free`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_modes(
    verifier: *const sealwire_verifier,
    modes: *mut *mut sealwire_modes,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (verifier, out) = unsafe { (borrow(verifier)?, Out::new(modes)?) };
        give(verifier.modes().clone(), out);
        Ok(())
    })
}

/// Writes warnings for the operator to `buffer`, with a final NUL. Each line is one warning. The warnings
/// are about keys that cannot be used with the settings, and about senders without keys. Log the warnings
/// at program start. `*length` does not include the NUL. It is 0 if there are no warnings. If `buffer_size`
/// is 0, only `*length` is written. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the buffer is too small.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_warnings(
    verifier: *const sealwire_verifier,
    buffer: *mut c_char,
    buffer_size: usize,
    length: *mut usize,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles, buffers and outputs.
        let (verifier, text) = unsafe { (borrow(verifier)?, TextOut::new(buffer, buffer_size, length)?) };
        text.write(verifier.warnings().join("\n"))
    })
}

/// Writes the number of accepted requests with a `sealwire_scheme`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_accepted(
    verifier: *const sealwire_verifier,
    scheme_number: i32,
    accepted: *mut u64,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (verifier, out) = unsafe { (borrow(verifier)?, Out::new(accepted)?) };
        let scheme: Scheme = scheme(scheme_number)?;
        out.write(count(&verifier.stats().accepted, scheme));
        Ok(())
    })
}

/// Writes the number of requests that were rejected for a `sealwire_reason`, and the number of requests
/// that had the same reason but were accepted in the mode `observe`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_rejected(
    verifier: *const sealwire_verifier,
    reason: i32,
    enforced: *mut u64,
    observed: *mut u64,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (verifier, enforced, observed) =
            unsafe { (borrow(verifier)?, Out::new(enforced)?, Out::new(observed)?) };
        let reason: Reason = rejection(reason).ok_or(sealwire_status::InvalidArgument)?;
        let stats = verifier.stats();
        enforced.write(count(&stats.rejected, reason));
        observed.write(count(&stats.observed, reason));
        Ok(())
    })
}

fn count<T: PartialEq>(counts: &[(T, u64)], wanted: T) -> u64 {
    counts.iter().find(|(held, _)| *held == wanted).map_or(0, |(_, count)| *count)
}

/// Frees a verifier. NULL is allowed. Pending verifications stay valid. No thread may use the handle afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_free(verifier: *mut sealwire_verifier) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(verifier) });
}

/// Writes whether a request is a health check from this machine, which is `GET /health` from a loopback
/// address. Servers of the `client` scheme accept this request without a signature. `peer` is the remote address
/// of the socket as text. Never pass an address from a header. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_is_local_health_check(
    method: sealwire_text,
    target: sealwire_text,
    peer: *const c_char,
    local: *mut bool,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid text and outputs.
        let (method, target, out) = unsafe { (method.bytes()?, target.bytes()?, Out::new(local)?) };
        if peer.is_null() {
            return Err(sealwire_status::NullPointer.into());
        }
        // SAFETY: the C caller guarantees valid C strings.
        let peer = unsafe { CStr::from_ptr(peer) }.to_str().unwrap_or_default();
        out.write(is_local_health_check(method, target, peer));
        Ok(())
    })
}
