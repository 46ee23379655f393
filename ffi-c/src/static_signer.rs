//! Signing without a heap.

use core::ffi::c_char;

use sealwire_core::{AcceptedSchemes, Coverage, Signer};

use crate::error::{ErrorOut, sealwire_error};
use crate::pointer::{reference, slice};
use crate::request::{sealwire_header, sealwire_request};
use crate::scheme::scheme;
use crate::signing::{SignatureOut, read_signing, sealwire_signing, sign_request};
use crate::static_keys::{StaticEntries, sealwire_static_entry};
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// The settings of a signer, for programs without a heap. The caller owns all memory. Once all members are
/// set, any number of threads may use the structure.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_static_signer {
    /// The service name or the client id of the sender.
    pub name: sealwire_text,
    /// An array of `sealwire_scheme` numbers. Each request gets one signature for every scheme in the
    /// array.
    pub schemes: *const i32,
    /// The number of schemes. If it is 0, only `message` is used.
    pub scheme_count: usize,
    /// An array of entries with the keys.
    pub entries: *const sealwire_static_entry,
    /// The number of elements in `entries`.
    pub entry_count: usize,
}

/// Signs a request like `sealwire_signer_sign`. The function does not use the heap and uses at most 48 KiB of
/// stack. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_static_sign(
    signer: *const sealwire_static_signer,
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
        // SAFETY: the C caller guarantees valid inputs, buffers and outputs.
        let (held, signing) = unsafe { (reference(signer)?, read_signing(signing, &error)?) };
        // SAFETY: as above.
        let out = unsafe { SignatureOut::new(buffer, buffer_size, headers, header_capacity, header_count) }?;
        // SAFETY: as above.
        let name = unsafe { held.name.str() }?;
        // SAFETY: as above.
        let (keys, schemes) = unsafe {
            (
                StaticEntries::new(held.entries, held.entry_count)?,
                read_schemes(held.schemes, held.scheme_count)?,
            )
        };
        let signer = Signer { name, keys: &keys, schemes, coverage: Coverage::default() };
        // SAFETY: as above.
        unsafe {
            sign_request(request, out, &error, |request, signature| {
                signer.sign(request, &signing, |name, value| signature.emit(name, value))
            })
        }
    })
}

/// Reads an array of scheme numbers. An empty array selects only `message`.
///
/// # Safety
/// `schemes` is NULL or points to `count` numbers that are not modified during the call.
pub(crate) unsafe fn read_schemes(schemes: *const i32, count: usize) -> Result<AcceptedSchemes, Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let numbers: &[i32] = unsafe { slice(schemes, count) }?;
    let mut accepted = AcceptedSchemes::default();
    if numbers.is_empty() {
        return Ok([Some(sealwire_core::Scheme::Message), None, None]);
    }
    for (at, number) in numbers.iter().enumerate() {
        let repeated = numbers.iter().take(at).any(|earlier| earlier == number);
        let place = accepted.get_mut(at).filter(|_| !repeated).ok_or(sealwire_status::InvalidArgument)?;
        *place = Some(scheme(*number)?);
    }
    Ok(accepted)
}
