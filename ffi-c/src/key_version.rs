//! Secrets that the caller passes to the library.

use core::ffi::c_void;

use sealwire_core::keys::{Strength, Version, decode_base64};

use crate::error::{ErrorOut, sealwire_error};
use crate::pointer::{Out, OutSlice, slice};
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// One version of a secret.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_key_version {
    /// The number of the version. It must be unique in its key set. `message` signatures and connection
    /// strings contain this number.
    pub version: u32,
    /// The decoded bytes of the secret. The library copies them. Wipe your copy with `sealwire_memzero`
    /// afterwards.
    pub secret: *const c_void,
    /// The size of the secret in bytes, which must be at least 32 unless weak secrets are allowed.
    pub secret_size: usize,
}

impl sealwire_key_version {
    /// # Safety
    /// `secret` is NULL or points to `secret_size` bytes that are not modified during the lifetime `'a`.
    pub(crate) unsafe fn read<'a>(&self) -> Result<Version<'a>, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let secret = unsafe { slice(self.secret.cast(), self.secret_size) }?;
        Ok(Version { number: self.version, secret })
    }
}

/// Reads an array of versions.
///
/// # Safety
/// `versions` is NULL or points to `count` versions. The versions and their secrets are not modified during
/// the lifetime `'a`.
pub(crate) unsafe fn read_versions<'a>(
    versions: *const sealwire_key_version,
    count: usize,
) -> Result<Vec<Version<'a>>, Failure> {
    // SAFETY: guaranteed by the caller of this function.
    let versions: &[sealwire_key_version] = unsafe { slice(versions, count) }?;
    // SAFETY: as above.
    versions.iter().map(|version| unsafe { version.read() }).collect()
}

pub(crate) const fn strength(allow_weak: bool) -> Strength {
    if allow_weak { Strength::AllowWeak } else { Strength::Required }
}

/// Decodes a secret from padded standard base64 (RFC 4648 section 4). Writes the secret to `buffer` and its
/// size in bytes to `*secret_size`. The running time does not depend on the content of the secret.
/// Surrounding whitespace is ignored.
///
/// Returns `SEALWIRE_STATUS_INVALID_KEY` if the text is not base64 or contains more than 4096 bytes, and
/// `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the secret is larger than `buffer`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_decode_secret(
    base64: sealwire_text,
    buffer: *mut c_void,
    buffer_size: usize,
    secret_size: *mut usize,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid text, buffers and outputs.
        let text = unsafe { base64.str() }?;
        // SAFETY: as above.
        let (out, size) =
            unsafe { (OutSlice::new(buffer.cast::<u8>(), buffer_size)?, Out::new(secret_size)?) };
        let mut decoded = zeroize::Zeroizing::new([0; MAX_SECRET_BYTES]);
        let secret = decode_base64(text, &mut *decoded)
            .map_err(|cause| error.explain(sealwire_status::InvalidKey, &cause))?;
        out.write(secret)?;
        size.write(secret.len());
        Ok(())
    })
}

/// The maximum size of a decoded secret, in bytes.
const MAX_SECRET_BYTES: usize = 4096;
