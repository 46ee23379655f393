//! Conversion of URLs and headers to the parts of a request.

use core::mem::MaybeUninit;

use sealwire_core::Header;
use sealwire_host::{HEADERS_KEPT, Url, authority};

use crate::guard::guard;
use crate::pointer::{Out, slice};
use crate::request::{read_headers, sealwire_header};
use crate::status::Failure;
use crate::text::sealwire_text;

/// Splits an absolute URL into the scheme, authority and target of a request, without decoding. A `Host` header
/// among `headers` takes precedence over the authority of the URL. The results point into `url`, into the
/// headers, or to static text. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_url_split(
    url: sealwire_text,
    headers: *const sealwire_header,
    header_count: usize,
    scheme: *mut sealwire_text,
    authority: *mut sealwire_text,
    target: *mut sealwire_text,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promises for text and outputs.
        let (url, scheme, authority, target) =
            unsafe { (url.bytes()?, Out::new(scheme)?, Out::new(authority)?, Out::new(target)?) };
        let split = |headers: &[Header<'_>]| {
            let parts = Url::split(url, headers);
            scheme.write(sealwire_text::of(parts.scheme));
            authority.write(sealwire_text::of(parts.authority));
            target.write(sealwire_text::of(parts.target));
        };
        // SAFETY: the caller's promise for arrays.
        unsafe { with_headers(headers, header_count, split) }
    })
}

/// Finds the authority of a received request: its `Host` header. The result is empty if there is none or more
/// than one. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_authority(
    headers: *const sealwire_header,
    header_count: usize,
    found: *mut sealwire_text,
) -> i32 {
    guard(|| {
        // SAFETY: the caller's promise for outputs.
        let out = unsafe { Out::new(found) }?;
        // SAFETY: the caller's promise for arrays.
        unsafe {
            with_headers(headers, header_count, |headers| out.write(sealwire_text::of(authority(headers))))
        }
    })
}

/// # Safety
/// `headers` is NULL or points to `count` headers that, with their text, are not written to during the call.
unsafe fn with_headers(
    headers: *const sealwire_header,
    count: usize,
    then: impl FnOnce(&[Header<'_>]),
) -> Result<(), Failure> {
    let mut room = [const { MaybeUninit::uninit() }; HEADERS_KEPT];
    // SAFETY: this function's own contract.
    let lines: &[sealwire_header] = unsafe { slice(headers, count) }?;
    // SAFETY: as above.
    then(unsafe { read_headers(lines, &mut room) }?);
    Ok(())
}
