//! The head of a request.

use core::mem::MaybeUninit;

use sealwire_core::{Header, MAX_HEADERS, Request};
use sealwire_host::{HEADERS_KEPT, received};

use crate::pointer::{reference, slice};
use crate::status::Failure;
use crate::text::sealwire_text;

/// The largest number of header lines. Pass one more if there are more, so that the request is rejected.
pub const SEALWIRE_MAX_HEADERS: usize = 256;

const _: () = assert!(SEALWIRE_MAX_HEADERS == MAX_HEADERS);

/// A header field line. Names are compared case-insensitively.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_header {
    /// The field name.
    pub name: sealwire_text,
    /// The value, without surrounding whitespace.
    pub value: sealwire_text,
}

/// The head of a request.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_request {
    /// The method, in its original case.
    pub method: sealwire_text,
    /// The target as sent or received: the raw path, never percent-decoded, with `?query` if there is one. The
    /// verifying functions also accept the absolute form, `http://host/path`.
    pub target: sealwire_text,
    /// To sign: the authority of the URL, see `sealwire_url_split`. To verify: `:authority` of HTTP/2 and HTTP/3;
    /// empty for HTTP/1, because the library then uses the target and the `Host` header.
    pub authority: sealwire_text,
    /// `http` or `https`, as used by the sender.
    pub scheme: sealwire_text,
    /// The header lines as received, including repeated ones. NULL if `header_count` is 0.
    pub headers: *const sealwire_header,
    /// The number of header lines; a request with more than `SEALWIRE_MAX_HEADERS` is rejected.
    pub header_count: usize,
}

/// Reads a received request and passes it to `then`, with the target in origin-form and its authority.
///
/// # Safety
/// The same as for [`read_request`].
pub(crate) unsafe fn read_received<T>(
    request: *const sealwire_request,
    then: impl FnOnce(&Request<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let received = |request: &Request<'_>| {
        let (target, authority) = received(request.target, request.authority, request.headers);
        then(&Request { target, authority, ..*request })
    };
    // SAFETY: guaranteed by the caller of this function.
    unsafe { read_request(request, received) }
}

/// Reads a request and passes it to `then`.
///
/// # Safety
/// `request` is NULL or points to a request that, with all it points to, is not written to during the call.
pub(crate) unsafe fn read_request<T>(
    request: *const sealwire_request,
    then: impl FnOnce(&Request<'_>) -> Result<T, Failure>,
) -> Result<T, Failure> {
    // SAFETY: guaranteed by the caller of this function, here and below.
    let request: &sealwire_request = unsafe { reference(request) }?;
    // SAFETY: as above.
    let headers: &[sealwire_header] = unsafe { slice(request.headers, request.header_count) }?;
    let mut buffer = [const { MaybeUninit::uninit() }; HEADERS_KEPT];
    // SAFETY: as above.
    let headers = unsafe { read_headers(headers, &mut buffer) }?;
    // SAFETY: as above.
    let (method, target) = unsafe { (request.method.bytes()?, request.target.bytes()?) };
    // SAFETY: as above.
    let (authority, scheme) = unsafe { (request.authority.bytes()?, request.scheme.bytes()?) };
    then(&Request { method, target, authority, scheme, headers })
}

/// Converts C headers to core headers. `buffer` has one element more than core accepts, so that core rejects
/// a longer list.
///
/// # Safety
/// The headers refer to memory that is not written to for `'a`.
pub(crate) unsafe fn read_headers<'a, 'r>(
    headers: &[sealwire_header],
    buffer: &'r mut [MaybeUninit<Header<'a>>; HEADERS_KEPT],
) -> Result<&'r [Header<'a>], Failure> {
    let count = headers.len().min(buffer.len());
    for (place, header) in buffer.iter_mut().zip(headers) {
        // SAFETY: guaranteed by the caller of this function.
        let (name, value) = unsafe { (header.name.bytes()?, header.value.bytes()?) };
        place.write(Header { name, value });
    }
    // SAFETY: the loop wrote `count` of them, the fewer of the two.
    unsafe { slice(buffer.as_ptr().cast(), count) }
}
