//! Signers.

use core::ffi::c_char;

use sealwire_host::Signer;

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::guard_free;
use crate::opaque::{Opaque, borrow, free};
use crate::request::{sealwire_header, sealwire_request};
use crate::signing::{SignatureOut, read_signing, sealwire_signing, sign_request};

/// A signer for the requests of one service or client. It is immutable, and any number of threads may use it.
#[derive(Debug)]
pub struct sealwire_signer {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_signer {
    type Held = Signer;
    const TAG: u64 = u64::from_be_bytes(*b"signer01");
}

/// Signs a request. Writes the signature headers to `headers`, and the number of headers to `*header_count`. Add these headers to
/// the request. Their names and values are stored in `buffer`. Each name and value ends with a NUL, which its length does not
/// include. Keep `buffer` as long as you use the headers.
///
/// A `buffer_size` of `SEALWIRE_SIGNATURE_SIZE` and a `header_capacity` of `SEALWIRE_SIGNATURE_HEADERS` are
/// always sufficient. Returns `SEALWIRE_STATUS_NO_KEY`, `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in
/// `error`, or `SEALWIRE_STATUS_BUFFER_TOO_SMALL`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_sign(
    signer: *const sealwire_signer,
    request: *const sealwire_request,
    signing: *const sealwire_signing,
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
        let (signer, signing) = unsafe { (borrow(signer)?, read_signing(signing, &error)?) };
        // SAFETY: as above.
        let out = unsafe { SignatureOut::new(buffer, buffer_size, headers, header_capacity, header_count) }?;
        // SAFETY: as above.
        unsafe {
            sign_request(request, out, &error, |request, signature| {
                signer.sign(request, &signing, |name, value| signature.emit(name, value))
            })
        }
    })
}

/// Frees a signer. NULL is allowed. No thread may use the signer afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_signer_free(signer: *mut sealwire_signer) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(signer) });
}
