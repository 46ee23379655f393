//! Rejected requests.

use core::ffi::c_char;

use sealwire_core::{Mode, Rejection};

use crate::identity::SEALWIRE_ID_SIZE;
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};
use crate::text::filled;

/// The size of `sealwire_rejection.public_text` and `sealwire_rejection.field` in bytes, including the NUL.
pub const SEALWIRE_PUBLIC_TEXT_SIZE: usize = 64;

/// The effect of a rejection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum sealwire_mode {
    /// The mode of the verifier applies. This value is allowed only for the mode of a sender.
    Inherit = -1,
    /// Requests are accepted without verification.
    Off = 0,
    /// Rejected requests are accepted without an identity. Count and log them.
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

/// Converts a number to a mode of `sealwire-core`.
pub(crate) fn mode(number: i32) -> Result<Mode, Failure> {
    let held = Mode::ALL.into_iter().find(|mode| sealwire_mode::of(*mode) as i32 == number);
    held.ok_or(sealwire_status::InvalidArgument.into())
}

/// The reason why a request was rejected. It is written if the status is positive. It contains no signature,
/// secret or body. Every array ends with a NUL.
///
/// Send only `http_status` and `public_text` to the peer. The other members are for the log. Check `mode`
/// first. Reject the request only if the mode is `SEALWIRE_MODE_ENFORCE`.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_rejection {
    /// The age of the request in milliseconds, calculated from its timestamp. It is negative if the timestamp
    /// is in the future.
    pub age_ms: i64,
    /// The `sealwire_reason` of the rejection, which is the same as the status of the call.
    pub reason: i32,
    /// The `sealwire_mode` that applies to this sender.
    pub mode: i32,
    /// The HTTP status of the response.
    pub http_status: i32,
    /// The `sealwire_scheme` that was checked. If the request contains no signature, this is the most
    /// preferred scheme.
    pub scheme: i32,
    /// The key version in the request, which is not authenticated.
    pub key_version: u32,
    /// Whether `key_version` is known.
    pub has_key_version: bool,
    /// Whether `age_ms` is known.
    pub has_age: bool,
    /// The text for the body of the response.
    pub public_text: [c_char; SEALWIRE_PUBLIC_TEXT_SIZE],
    /// The name of the invalid header or component. It may be empty.
    pub field: [c_char; SEALWIRE_PUBLIC_TEXT_SIZE],
    /// The sender name in the request, which is not authenticated and may be empty. Every character that is
    /// not visible ASCII is replaced with `?`.
    pub sender: [c_char; SEALWIRE_ID_SIZE],
    /// Whether the MAC of the request was checked and valid. If this is false, do not sign the response, because
    /// the signature would reveal which senders exist.
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

/// The rejection argument of a call, which may be NULL.
#[derive(Debug)]
pub(crate) struct RejectedOut(Option<Out<sealwire_rejection>>);

impl RejectedOut {
    /// # Safety
    /// `rejected` is NULL or points to memory that only this call uses.
    pub(crate) unsafe fn new(rejected: *mut sealwire_rejection) -> Result<Self, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        unsafe { Out::optional(rejected) }.map(Self)
    }

    /// Writes the rejection and returns its status.
    pub(crate) fn refuse(self, rejected: &Rejection) -> Failure {
        if let Some(out) = self.0 {
            out.write(rejected.into());
        }
        Failure::Refused(rejected.reason)
    }
}
