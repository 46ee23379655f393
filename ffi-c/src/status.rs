//! The status codes of the functions.

use core::ffi::{CStr, c_char};

use sealwire_core::{Reason, Rejection};

/// The result of a call. It is 0 for success. A positive value is the `sealwire_reason` for which a request
/// or token was rejected. Any of these negative values means that the call failed.
///
/// The values are stable. The value of a retired status is not used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum sealwire_status {
    /// The call succeeded.
    Ok = 0,
    /// A pointer that must not be NULL was NULL.
    NullPointer = -1,
    /// An argument is invalid. For example, a number is unknown, a text is not UTF-8, a length exceeds the
    /// address space, or a pointer is misaligned.
    InvalidArgument = -2,
    /// A buffer is too small. The call has not written to the buffer.
    BufferTooSmall = -3,
    /// The library has a bug and panicked. The process continues. Free the handles that were passed to the
    /// call.
    Panic = -4,
    /// A key or key set is invalid. The error contains the entry and the reason.
    InvalidKey = -5,
    /// A setting is invalid. The error contains the setting and the reason.
    InvalidConfiguration = -6,
    /// The request or token cannot be signed. The error contains the reason.
    CannotSign = -7,
    /// The key ring has no key for this sender and receiver.
    NoKey = -8,
    /// The operating system returned an error. For example, it provides no random bytes, or a file cannot be
    /// opened or mapped.
    System = -9,
    /// The handle has the wrong type, or it was freed.
    WrongHandle = -10,
    /// The handle does not allow this call any more, because the verification has ended or the builder has
    /// already built its object.
    WrongState = -11,
}

/// The nonzero status of a call.
#[derive(Debug)]
pub(crate) enum Failure {
    Usage(sealwire_status),
    Refused(Reason),
}

impl Failure {
    pub(crate) fn code(&self) -> i32 {
        match self {
            Self::Usage(status) => *status as i32,
            Self::Refused(reason) => i32::from(reason.number()),
        }
    }
}

impl From<sealwire_status> for Failure {
    fn from(status: sealwire_status) -> Self {
        Self::Usage(status)
    }
}

impl From<&Rejection> for Failure {
    fn from(rejected: &Rejection) -> Self {
        Self::Refused(rejected.reason)
    }
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self::Refused(reason)
    }
}

/// Returns the name of a status in `snake_case`, for logs and metrics. Returns `"unknown"` for an unknown
/// number, and never NULL. The string is static. Do not free it. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_status_name(status: i32) -> *const c_char {
    usage_name(status).or_else(|| rejection_name(status)).unwrap_or(c"unknown").as_ptr()
}

/// Returns the HTTP status for the response. It is 200 for success, and 401, 408, 413 or 503 for a rejection. It is 500 for every
/// other status, because a server must not accept a request that it cannot verify. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_status_http(status: i32) -> i32 {
    match (status, rejection(status)) {
        (0, _) => 200,
        (_, Some(reason)) => i32::from(reason.http_status()),
        _ => 500,
    }
}

pub(crate) fn rejection(status: i32) -> Option<Reason> {
    u8::try_from(status).ok().and_then(Reason::from_number)
}

fn usage_name(status: i32) -> Option<&'static CStr> {
    USAGE_NAMES.iter().find(|(held, _)| *held as i32 == status).map(|(_, name)| *name)
}

impl sealwire_status {
    /// Returns the error message for a status. It is used if the call has no more specific message.
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Ok => "",
            Self::NullPointer => "a required argument is NULL; pass a valid pointer",
            Self::InvalidArgument => {
                "an argument is out of range, misaligned or not UTF-8; compare the call with its comment in sealwire.h"
            }
            Self::BufferTooSmall => "a buffer is too small; use the size that sealwire.h documents",
            Self::Panic => "a bug in the library; free the handles of this call and report it",
            Self::InvalidKey => "a key is not valid",
            Self::InvalidConfiguration => "a setting is not valid",
            Self::CannotSign => "the request cannot be signed",
            Self::NoKey => "the key ring has no key for this sender and receiver; add one",
            Self::System => "the operating system reported an error",
            Self::WrongHandle => "a handle is of another type, or was freed",
            Self::WrongState => {
                "the call is out of order: the builder has built, or the verification has ended"
            }
        }
    }
}

const USAGE_NAMES: [(sealwire_status, &CStr); 12] = [
    (sealwire_status::Ok, c"ok"),
    (sealwire_status::NullPointer, c"null_pointer"),
    (sealwire_status::InvalidArgument, c"invalid_argument"),
    (sealwire_status::BufferTooSmall, c"buffer_too_small"),
    (sealwire_status::Panic, c"panic"),
    (sealwire_status::InvalidKey, c"invalid_key"),
    (sealwire_status::InvalidConfiguration, c"invalid_configuration"),
    (sealwire_status::CannotSign, c"cannot_sign"),
    (sealwire_status::NoKey, c"no_key"),
    (sealwire_status::System, c"system"),
    (sealwire_status::WrongHandle, c"wrong_handle"),
    (sealwire_status::WrongState, c"wrong_state"),
];

fn rejection_name(status: i32) -> Option<&'static CStr> {
    let reason = rejection(status)?;
    let place = Reason::ALL.iter().position(|held| *held == reason)?;
    CStr::from_bytes_until_nul(REJECTION_NAMES.get(place)?).ok()
}

/// The size of a buffer for a name and its NUL, in bytes. It is greater than the length of every name.
const NAME_BYTES: usize = 32;

/// The names of `sealwire-core` with a final NUL. They are built at compile time, which needs no heap.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time, so a panic is a compile error")]
static REJECTION_NAMES: [[u8; NAME_BYTES]; Reason::ALL.len()] = {
    let mut names = [[0; NAME_BYTES]; Reason::ALL.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = terminated(Reason::ALL[place].name());
        place += 1;
    }
    names
};

#[expect(clippy::indexing_slicing, reason = "evaluated at compile time, so a panic is a compile error")]
const fn terminated(name: &str) -> [u8; NAME_BYTES] {
    assert!(name.len() < NAME_BYTES, "the name does not fit with its NUL");
    let mut bytes = [0; NAME_BYTES];
    let mut at = 0;
    while at < name.len() {
        bytes[at] = name.as_bytes()[at];
        at += 1;
    }
    bytes
}
