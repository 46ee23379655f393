//! What every call returns.

use core::ffi::{CStr, c_char};

use sealwire_core::{Reason, Rejection};

/// What a call returns: 0 for success, a positive `sealwire_reason` for a request or token that was judged
/// and refused, and one of these negative numbers for a call that could not be carried out.
///
/// Numbers are stable; that of a retired status stays reserved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum sealwire_status {
    /// Done.
    Ok = 0,
    /// A pointer that must not be NULL was NULL.
    NullPointer = -1,
    /// A value is out of range: an unknown number, text that is not UTF-8, a length no memory can have, a
    /// misaligned pointer.
    InvalidArgument = -2,
    /// A buffer is too small. Nothing was written to it.
    BufferTooSmall = -3,
    /// The library failed: a bug in it, which the process survives. The handles involved should be freed.
    Panic = -4,
    /// A key or key set was refused; the error says which and why.
    InvalidKey = -5,
    /// A setting was refused; the error says which and why.
    InvalidConfiguration = -6,
    /// The request or token cannot be signed as it is; the error says why.
    CannotSign = -7,
    /// The key ring holds no key to sign with for this sender and receiver.
    NoKey = -8,
    /// The operating system refused: no random bytes, or a file that cannot be opened or mapped.
    System = -9,
    /// The handle is of another type, or was freed.
    WrongHandle = -10,
    /// The handle is past the state this call is for: a verification that has ended, a builder that has built.
    WrongState = -11,
}

/// How a call ends that does not succeed.
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

/// The name of a status, in `snake_case`, for logs and metrics; `"unknown"` for a number that is none. Never
/// NULL, never to be freed. Thread-safe.
#[unsafe(no_mangle)]
pub extern "C" fn sealwire_status_name(status: i32) -> *const c_char {
    usage_name(status).or_else(|| rejection_name(status)).unwrap_or(c"unknown").as_ptr()
}

/// The HTTP status to answer a rejection with: 401, 413 or 503. 200 for success, and 500 for every other
/// status: a server that cannot verify must not let the request pass. Thread-safe.
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
    /// The error message of a status for which the call has nothing more specific.
    pub(crate) const fn message(self) -> &'static str {
        match self {
            Self::Ok => "",
            Self::NullPointer => "a required argument is NULL; pass a valid pointer",
            Self::InvalidArgument => {
                "an argument is out of range, misaligned or not UTF-8; compare the call with its comment in sealwire.h"
            }
            Self::BufferTooSmall => "a buffer is too small; use the size that sealwire.h names for it",
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

/// Longer than every name, so that each ends in a NUL.
const NAME_BYTES: usize = 32;

/// Core's names with a NUL behind them, made when this is compiled: a program without a heap can ask for a
/// name.
#[expect(
    clippy::indexing_slicing,
    reason = "evaluated by the compiler, which reports what a program would panic on"
)]
static REJECTION_NAMES: [[u8; NAME_BYTES]; Reason::ALL.len()] = {
    let mut names = [[0; NAME_BYTES]; Reason::ALL.len()];
    let mut place = 0;
    while place < names.len() {
        names[place] = terminated(Reason::ALL[place].name());
        place += 1;
    }
    names
};

#[expect(clippy::indexing_slicing, reason = "as above")]
const fn terminated(name: &str) -> [u8; NAME_BYTES] {
    assert!(name.len() < NAME_BYTES, "a name needs room for its NUL");
    let mut bytes = [0; NAME_BYTES];
    let mut at = 0;
    while at < name.len() {
        bytes[at] = name.as_bytes()[at];
        at += 1;
    }
    bytes
}
