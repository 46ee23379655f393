//! Rejected requests.

use core::ffi::c_char;

use sealwire_core::{Mode, Rejection};

use crate::identity::SEALWIRE_ID_SIZE;
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};
use crate::text::filled;

/// The size of `sealwire_rejection.public_text` and `.field`, including the NUL.
pub const SEALWIRE_PUBLIC_TEXT_SIZE: usize = 64;

/// The effect of a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum sealwire_mode {
    /// The mode of the verifier applies. Allowed in the rules of a sender only.
    Inherit = -1,
    /// Requests are accepted without verification.
    Off = 0,
    /// Rejected requests are accepted without an identity; count and log them.
    Observe = 1,
    /// Rejected requests are not accepted. Respond with the status and the body of the rejection.
    Enforce = 2,
}

impl sealwire_mode {
    pub(crate) const fn of(mode: Mode) -> Self {
        match mode {
            Mode::Off => Self::Off,
            Mode::Observe => Self::Observe,
            Mode::Enforce => Self::Enforce,
        }
    }
}

/// The mode of core with this number.
pub(crate) fn mode(number: i32) -> Result<Mode, Failure> {
    let held = Mode::ALL.into_iter().find(|mode| sealwire_mode::of(*mode) as i32 == number);
    held.ok_or(sealwire_status::InvalidArgument.into())
}

/// A rejected request, written if the status is positive. Contains no signature, secret or body. Every array
/// ends in a NUL.
///
/// Send only `http_status` and `public_text` to the peer; the other members are for the log. Check `mode`
/// first: reject the request only if it is `SEALWIRE_MODE_ENFORCE`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_rejection {
    /// The claimed age of the request in milliseconds; negative if its timestamp is in the future.
    pub age_ms: i64,
    /// The reason: a `sealwire_reason`, equal to the status of the call.
    pub reason: i32,
    /// The `sealwire_mode` for this sender.
    pub mode: i32,
    /// The HTTP status of the response.
    pub http_status: i32,
    /// The `sealwire_scheme` that was checked; the most preferred one if none was present.
    pub scheme: i32,
    /// The claimed key version.
    pub key_version: u32,
    /// Whether `key_version` is known.
    pub has_key_version: bool,
    /// Whether `age_ms` is known.
    pub has_age: bool,
    /// The body of the response: the public text of the scheme.
    pub public_text: [c_char; SEALWIRE_PUBLIC_TEXT_SIZE],
    /// The header or component at fault; may be empty.
    pub field: [c_char; SEALWIRE_PUBLIC_TEXT_SIZE],
    /// The claimed sender, not authenticated, with all characters except visible ASCII replaced by `?`; may be
    /// empty.
    pub sender: [c_char; SEALWIRE_ID_SIZE],
    /// Whether the MAC of the request was valid. Sign the response to a rejected request only in this case:
    /// otherwise the signature shows which senders exist.
    pub mac_was_valid: bool,
}

impl From<&Rejection> for sealwire_rejection {
    fn from(rejected: &Rejection) -> Self {
        Self {
            reason: i32::from(rejected.reason.number()),
            mode: sealwire_mode::of(rejected.mode) as i32,
            http_status: i32::from(rejected.http_status()),
            scheme: i32::from(rejected.scheme.number()),
            public_text: filled(rejected.public_text()),
            field: filled(rejected.field.unwrap_or_default()),
            sender: filled(rejected.sender.as_str()),
            has_key_version: rejected.key_version.is_some(),
            has_age: rejected.age_ms.is_some(),
            key_version: rejected.key_version.unwrap_or_default(),
            age_ms: rejected.age_ms.unwrap_or_default(),
            mac_was_valid: rejected.mac_was_valid,
        }
    }
}

/// The destination of a call's rejection, which may be absent.
#[derive(Debug)]
pub(crate) struct RejectedOut(Option<Out<sealwire_rejection>>);

impl RejectedOut {
    /// # Safety
    /// `rejected` is NULL or points to memory that only this call uses.
    pub(crate) unsafe fn new(rejected: *mut sealwire_rejection) -> Result<Self, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        unsafe { Out::optional(rejected) }.map(Self)
    }

    /// Writes the rejection and returns the status.
    pub(crate) fn refuse(self, rejected: &Rejection) -> Failure {
        if let Some(out) = self.0 {
            out.write(rejected.into());
        }
        Failure::Refused(rejected.reason)
    }
}
