//! Requests, without their bodies.

use core::mem::MaybeUninit;

use sealwire_core::{Header, MAX_HEADERS, Request};
use sealwire_host::{HEADERS_KEPT, received};

use crate::pointer::{reference, slice};
use crate::status::Failure;
use crate::text::sealwire_text;

/// The maximum number of header lines of a request. If a request has more header lines, pass one more than
/// this number. The library then rejects the request.
pub const SEALWIRE_MAX_HEADERS: usize = 256;

const _: () = assert!(SEALWIRE_MAX_HEADERS == MAX_HEADERS);

/// A header line. Names are compared case-insensitively.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_header {
    /// The name of the header.
    pub name: sealwire_text,
    /// The value of the header, without surrounding whitespace.
    pub value: sealwire_text,
}

/// A request without its body.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_request {
    /// The HTTP method, in its original case.
    pub method: sealwire_text,
    /// The request target, as it was sent. It is the raw path, followed by `?` and the query if there is a
    /// query. It must not be percent-decoded. The functions that verify also accept the absolute form, such
    /// as `http://host/path`.
    pub target: sealwire_text,
    /// The authority of the request. To sign, set the authority of the URL, which `sealwire_url_split`
    /// returns. To verify, set the pseudo-header `:authority` of HTTP/2 and HTTP/3. For HTTP/1, set an
    /// empty string. The library then uses the target or the `Host` header.
    pub authority: sealwire_text,
    /// The URL scheme that the sender used, `http` or `https`.
    pub scheme: sealwire_text,
    /// The header lines as received, including repeated headers. The pointer may be NULL if `header_count` is
    /// 0.
    pub headers: *const sealwire_header,
    /// The number of header lines. A request with more than `SEALWIRE_MAX_HEADERS` lines is rejected.
    pub header_count: usize,
}

/// Reads a received request and passes it to `then`. If the target has absolute form, it is split into the
/// origin form and the authority.
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
/// `request` is NULL or points to a request. The request and the data that it points to are not modified
/// during the call.
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

/// Converts C headers to headers of `sealwire-core`. Headers that do not fit in `buffer` are dropped.
/// `buffer` has one element more than `sealwire-core` accepts, so `sealwire-core` rejects a list that is too
/// long.
///
/// # Safety
/// The headers refer to memory that is not modified during the lifetime `'a`.
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
    // SAFETY: the loop wrote `count` headers.
    unsafe { slice(buffer.as_ptr().cast(), count) }
}
