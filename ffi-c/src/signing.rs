//! The inputs of a signature, and the signature headers.

use core::ffi::{c_char, c_void};
use core::mem::MaybeUninit;

use sealwire_core::{Header, Request, SignError, Signing};
use sealwire_host::names_same_host;

use crate::clock::{WRONG_UNIT, check_now_ms};
use crate::error::ErrorOut;
use crate::pointer::{Out, OutSlice, reference, slice};
use crate::request::{read_request, sealwire_header, sealwire_request};
use crate::status::{Failure, sealwire_status};
use crate::text::sealwire_text;

/// The size of a buffer that is sufficient for the signature headers of every request and response, in bytes.
pub const SEALWIRE_SIGNATURE_SIZE: usize = 8192;
/// The maximum number of signature headers, which a request has if it is signed in all schemes.
pub const SEALWIRE_SIGNATURE_HEADERS: usize = 12;

/// The signature inputs that are not part of `sealwire_request`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_signing {
    /// The name of the service that receives the request. It is not required for client keys.
    pub receiver: sealwire_text,
    /// The id of the user on whose behalf the request is sent. It is empty if there is no user.
    pub user_id: sealwire_text,
    /// The nonce of the request. It is also the request id. A sender must use each nonce only once.
    /// `sealwire_fresh_nonce` creates a nonce.
    pub nonce: sealwire_text,
    /// The body, exactly as it is sent. The pointer may be NULL if `body_size` is 0.
    pub body: *const c_void,
    /// The size of the body in bytes.
    pub body_size: usize,
    /// The current time in milliseconds since the Unix epoch, which `sealwire_now_ms` returns. A time in
    /// any other unit is rejected with `SEALWIRE_STATUS_INVALID_ARGUMENT`.
    pub now_ms: u64,
}

/// # Safety
/// `signing` is NULL or points to a `sealwire_signing`. The structure and the data that it points to are
/// not modified during the lifetime `'a`.
pub(crate) unsafe fn read_signing<'a>(
    signing: *const sealwire_signing,
    error: &ErrorOut,
) -> Result<Signing<'a>, Failure> {
    // SAFETY: guaranteed by the caller of this function, here and below.
    let held: &sealwire_signing = unsafe { reference(signing) }?;
    // SAFETY: as above.
    let (receiver, user_id, nonce) =
        unsafe { (held.receiver.str()?, held.user_id.optional_str()?, held.nonce.str()?) };
    // SAFETY: as above.
    let body = unsafe { slice(held.body.cast(), held.body_size) }?;
    let now_ms = check_signing_time(held.now_ms, error)?;
    Ok(Signing { receiver, body, user_id, nonce, now_ms })
}

/// Returns an error with a message if a time is not in milliseconds.
pub(crate) fn check_signing_time(now_ms: u64, error: &ErrorOut) -> Result<u64, Failure> {
    check_now_ms(now_ms).map_err(|_| error.explain(sealwire_status::InvalidArgument, &WRONG_UNIT))
}

/// Signs a request and copies the signature headers to the buffers of the caller.
///
/// # Safety
/// The same as for [`read_request`].
pub(crate) unsafe fn sign_request(
    request: *const sealwire_request,
    out: SignatureOut,
    error: &ErrorOut,
    sign: impl FnOnce(&Request<'_>, &mut Signature) -> Result<(), SignError>,
) -> Result<(), Failure> {
    let mut signature = Signature::new();
    let sign = |request: &Request<'_>| {
        check_host(request, error)?;
        sign(request, &mut signature).map_err(|cause| unsigned(cause, error))
    };
    // SAFETY: guaranteed by the caller of this function.
    unsafe { read_request(request, sign) }?;
    out.write(&signature)
}

/// Returns an error if the `Host` header differs from the authority, because the receiver would use an authority that is not
/// signed.
fn check_host(request: &Request<'_>, error: &ErrorOut) -> Result<(), Failure> {
    let mut hosts = request.headers.iter().filter(|header| header.name.eq_ignore_ascii_case(b"host"));
    let differs = |host: &Header<'_>| !names_same_host(request.scheme, host.value, request.authority);
    if hosts.any(differs) {
        let advice = "the Host header differs from the authority of the request; remove the header";
        return Err(error.explain(sealwire_status::CannotSign, &advice));
    }
    Ok(())
}

/// Writes the reason why a request was not signed to the error message, and returns the status.
pub(crate) fn unsigned(cause: SignError, error: &ErrorOut) -> Failure {
    let status = match cause {
        SignError::NoKey(_) => sealwire_status::NoKey,
        _ => sealwire_status::CannotSign,
    };
    error.explain(status, &cause)
}

/// The signature headers, collected on the stack. They are copied to the buffers of the caller only after
/// signing has succeeded.
pub(crate) struct Signature {
    /// The buffer is not initialised, because filling it with zeros would take as long as signing.
    bytes: [MaybeUninit<u8>; SEALWIRE_SIGNATURE_SIZE],
    used: usize,
    headers: [Spans; SEALWIRE_SIGNATURE_HEADERS],
    count: usize,
    overflowed: bool,
}

/// The positions of the name and the value of a header. Each position is a start and a length.
#[derive(Clone, Copy)]
struct Spans {
    name: (usize, usize),
    value: (usize, usize),
}

impl Signature {
    pub(crate) const fn new() -> Self {
        Self {
            bytes: [const { MaybeUninit::uninit() }; SEALWIRE_SIGNATURE_SIZE],
            used: 0,
            headers: [Spans { name: (0, 0), value: (0, 0) }; SEALWIRE_SIGNATURE_HEADERS],
            count: 0,
            overflowed: false,
        }
    }

    /// Adds a header.
    pub(crate) fn emit(&mut self, name: &str, value: &str) {
        let spans = self.put(name).zip(self.put(value)).map(|(name, value)| Spans { name, value });
        match spans.zip(self.headers.get_mut(self.count)) {
            Some((spans, place)) => {
                *place = spans;
                self.count += 1;
            }
            None => self.overflowed = true,
        }
    }

    /// Appends text and a NUL. With the NUL, the text is also a C string.
    fn put(&mut self, text: &str) -> Option<(usize, usize)> {
        let start = self.used;
        let end = start + text.len();
        self.bytes.get_mut(start..end)?.write_copy_of_slice(text.as_bytes());
        self.bytes.get_mut(end)?.write(0);
        self.used = end + 1;
        Some((start, text.len()))
    }
}

/// The output buffers for the signature headers of a call.
pub(crate) struct SignatureOut {
    buffer: OutSlice<MaybeUninit<u8>>,
    headers: OutSlice<sealwire_header>,
    count: Out<usize>,
}

impl SignatureOut {
    /// # Safety
    /// Each pointer is NULL or points to memory of the given size. Only this call uses the memory.
    pub(crate) unsafe fn new(
        buffer: *mut c_char,
        buffer_size: usize,
        headers: *mut sealwire_header,
        header_capacity: usize,
        header_count: *mut usize,
    ) -> Result<Self, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        unsafe {
            Ok(Self {
                buffer: OutSlice::new(buffer.cast(), buffer_size)?,
                headers: OutSlice::new(headers, header_capacity)?,
                count: Out::new(header_count)?,
            })
        }
    }

    /// Copies the headers to the buffers of the caller. If the buffers are too small, copies nothing.
    pub(crate) fn write(self, signature: &Signature) -> Result<(), Failure> {
        if signature.overflowed {
            return Err(sealwire_status::BufferTooSmall.into());
        }
        let buffer = self.buffer.start();
        // `wrapping_add` cannot wrap if the writes below succeed, because they check the size of the
        // buffer.
        let text = |(start, length)| sealwire_text { data: buffer.wrapping_add(start).cast(), length };
        let headers = signature
            .headers
            .map(|spans| sealwire_header { name: text(spans.name), value: text(spans.value) });
        let headers = headers.get(..signature.count).unwrap_or_default();
        self.headers.check_capacity(headers.len())?;
        self.buffer.write(signature.bytes.get(..signature.used).unwrap_or_default())?;
        self.headers.write(headers)?;
        self.count.write(signature.count);
        Ok(())
    }
}
