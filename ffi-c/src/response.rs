//! Signed responses. The signature proves which service sent the response, and which request the response
//! belongs to.

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;

use sealwire_core::Exchange;
use sealwire_core::Request;

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::guard;
use crate::key_ring::sealwire_key_ring;
use crate::opaque::borrow;
use crate::pointer::{Out, reference, slice};
use crate::rejection::{RejectedOut, sealwire_rejection};
use crate::request::{read_headers, read_received, sealwire_header, sealwire_request};
use crate::scheme::scheme;
use crate::signing::{Signature, SignatureOut, check_signing_time, unsigned};
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// A request, the client that sends it, and the service that responds.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_exchange {
    /// The sender of the request, which is a service name or a client id.
    pub caller: sealwire_text,
    /// The name of the service that responds. It may be empty if the request is signed with a client key.
    pub service: sealwire_text,
    /// The `sealwire_scheme` used to sign the request.
    pub scheme: i32,
    /// The request as it was sent, including its signature headers.
    pub request: *const sealwire_request,
}

/// A response to sign or to verify.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_response {
    /// The HTTP status, from 100 to 599.
    pub http_status: i32,
    /// The received header lines. `sealwire_response_sign` ignores them.
    pub headers: *const sealwire_header,
    /// The number of elements in `headers`.
    pub header_count: usize,
    /// The body, exactly as it is sent. The pointer may be NULL if `body_size` is 0.
    pub body: *const c_void,
    /// The size of the body in bytes.
    pub body_size: usize,
}

/// The contents of a verified response.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_verified_response {
    /// The server's time, in Unix seconds. A client can use it to correct its own clock.
    pub server_time_s: u64,
    /// The version of the key that signed the response.
    pub key_version: u32,
}

/// Signs a response. Sign the response to a rejected request only if `mac_was_valid` of the rejection is true.
/// A client with a wrong clock can then read the server's time. The headers are written in the same way as by
/// `sealwire_signer_sign`. `now_ms` is the current time in milliseconds since the Unix epoch. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_response_sign(
    ring: *const sealwire_key_ring,
    exchange: *const sealwire_exchange,
    response: *const sealwire_response,
    now_ms: u64,
    buffer: *mut c_char,
    buffer_size: usize,
    headers: *mut sealwire_header,
    header_capacity: usize,
    header_count: *mut usize,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles, inputs, buffers and outputs.
        let (ring, exchange, response) =
            unsafe { (borrow(ring)?, reference(exchange)?, reference(response)?) };
        // SAFETY: as above.
        let out = unsafe { SignatureOut::new(buffer, buffer_size, headers, header_capacity, header_count) }?;
        // SAFETY: as above.
        let body = unsafe { slice(response.body.cast(), response.body_size) }?;
        let (status, ring) = (response.status()?, ring.load());
        let now_ms = check_signing_time(now_ms, &error)?;
        let mut signature = Signature::new();
        let sign = |exchange: &Exchange<'_, _>| {
            let signed = exchange.sign(status, body, now_ms, |name, value| signature.emit(name, value));
            signed.map_err(|cause| unsigned(cause, &error))
        };
        // SAFETY: as above.
        unsafe { exchange.read(&**ring, sign) }?;
        out.write(&signature)
    })
}

/// Verifies a response. The signature must match the exchange, the status and the body. Writes `*verified` on success, and
/// `*rejected` if the returned status is positive. Both pointers may be NULL. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_response_verify(
    ring: *const sealwire_key_ring,
    exchange: *const sealwire_exchange,
    response: *const sealwire_response,
    verified: *mut sealwire_verified_response,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles, inputs and outputs.
        let (ring, exchange, response) =
            unsafe { (borrow(ring)?, reference(exchange)?, reference(response)?) };
        // SAFETY: as above.
        let (verified, rejected) = unsafe { (Out::optional(verified)?, RejectedOut::new(rejected)?) };
        // SAFETY: as above.
        let body = unsafe { slice(response.body.cast(), response.body_size) }?;
        // SAFETY: as above.
        let lines = unsafe { slice(response.headers, response.header_count) }?;
        let mut buffer = [const { MaybeUninit::uninit() }; sealwire_host::HEADERS_KEPT];
        // SAFETY: as above.
        let headers = unsafe { read_headers(lines, &mut buffer) }?;
        let (status, ring) = (response.status()?, ring.load());
        // SAFETY: as above.
        let verdict =
            unsafe { exchange.read(&**ring, |exchange| Ok(exchange.verify(status, headers, body))) }?;
        let verdict = verdict.map_err(|reason| rejected.refuse(&reason))?;
        if let Some(out) = verified {
            out.write(sealwire_verified_response {
                server_time_s: verdict.server_time_s,
                key_version: verdict.key_version,
            });
        }
        Ok(())
    })
}

impl sealwire_exchange {
    /// # Safety
    /// Its pointers refer to memory that is not modified during the call.
    unsafe fn read<T, K: ?Sized>(
        &self,
        keys: &K,
        then: impl FnOnce(&Exchange<'_, K>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let (caller, service, scheme) =
            unsafe { (self.caller.str()?, self.service.str()?, scheme(self.scheme)?) };
        let exchange =
            |request: &Request<'_>| then(&Exchange { caller, service, keys, scheme, request: *request });
        // SAFETY: as above.
        unsafe { read_received(self.request, exchange) }
    }
}

impl sealwire_response {
    fn status(&self) -> Result<u16, Failure> {
        let status = u16::try_from(self.http_status).ok().filter(|status| (100..600).contains(status));
        status.ok_or(sealwire_status::InvalidArgument.into())
    }
}
