//! Splits URLs into the parts that are signed.

use core::ffi::c_char;

use sealwire_core::{AbsoluteUrl, UrlError, url_buffer_bytes};

use crate::error::{ErrorOut, sealwire_error};
use crate::pointer::{Out, OutSlice};
use crate::status::sealwire_status;
use crate::text::sealwire_text;

/// Returns the size of a buffer for a URL of this length, in bytes. It is the same as `SEALWIRE_URL_SIZE`.
const fn sufficient_bytes(length: usize) -> usize {
    // The buffer contains the scheme, the authority twice, the target and two NULs.
    url_buffer_bytes(length).saturating_mul(2).saturating_add(16)
}

/// The parts of an absolute URL. Each text ends with a NUL.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_url {
    /// The whole URL without a fragment. Pass this URL to your HTTP client, because the signature covers its
    /// parts.
    pub url: sealwire_text,
    /// The URL scheme, `http` or `https`. The text is static.
    pub scheme: sealwire_text,
    /// The host in lower case, followed by the port if it is not the default port of the scheme.
    pub authority: sealwire_text,
    /// The path and the query. The path is at least `/`. An empty query is omitted.
    pub target: sealwire_text,
}

/// Splits an absolute `http` or `https` URL into the parts of a request. The URL is first normalised in the
/// same way as in browsers and by `fetch`. This removes dot segments, the fragment and a default port, and
/// percent-encodes other characters. All languages sign this form. The strings of `parts` are stored in
/// `buffer`, so keep `buffer` as long as you use the parts. `SEALWIRE_URL_SIZE(url.length)` bytes are
/// always sufficient.
///
/// Returns `SEALWIRE_STATUS_CANNOT_SIGN` with the reason in `error` if the URL is not absolute, contains a user name or password,
/// or has an invalid host or port. Returns `SEALWIRE_STATUS_BUFFER_TOO_SMALL` if the parts do not fit. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_url_split(
    url: sealwire_text,
    buffer: *mut c_char,
    buffer_size: usize,
    parts: *mut sealwire_url,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid text, buffers and outputs.
        let (url, out, parts) =
            unsafe { (url.bytes()?, OutSlice::new(buffer.cast::<u8>(), buffer_size)?, Out::new(parts)?) };
        let split = Split::new(url).map_err(|cause| match cause {
            UrlError::NotAbsolute => error.explain(sealwire_status::CannotSign, &NOT_ABSOLUTE),
            cause => error.explain(sealwire_status::CannotSign, &cause),
        })?;
        let found = split.parts(out.start());
        out.write(&split.bytes)?;
        parts.write(found);
        Ok(())
    })
}

const NOT_ABSOLUTE: &str = "the URL is not absolute; write for example https://iam.internal/path";

/// The bytes for the caller's buffer: the URL, a NUL, the authority and a NUL.
struct Split {
    bytes: Vec<u8>,
    scheme: &'static core::ffi::CStr,
    authority: usize,
    target: usize,
}

impl Split {
    fn new(url: &[u8]) -> Result<Self, UrlError> {
        let mut buffer = vec![0; url_buffer_bytes(url.len())];
        let AbsoluteUrl { scheme, authority, target } = AbsoluteUrl::normalise(url, &mut buffer)?;
        let bytes = [scheme.as_bytes(), b"://", authority, target, b"\0", authority, b"\0"].concat();
        debug_assert!(bytes.len() <= sufficient_bytes(url.len()), "the documented buffer is sufficient");
        let scheme = if scheme == "https" { c"https" } else { c"http" };
        Ok(Self { bytes, scheme, authority: authority.len(), target: target.len() })
    }

    /// Returns the parts with pointers into a copy of the bytes at `start`. The pointers are valid only if the buffer is large
    /// enough, which the caller checks afterwards.
    fn parts(&self, start: *const u8) -> sealwire_url {
        let text = |from: usize, length| sealwire_text { data: start.wrapping_add(from).cast(), length };
        let url = self.bytes.len() - self.authority - 2;
        sealwire_url {
            url: text(0, url),
            scheme: sealwire_text::of_c(self.scheme),
            authority: text(url + 1, self.authority),
            target: text(url - self.target, self.target),
        }
    }
}
