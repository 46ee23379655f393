//! A rejected request: what the caller is told, and what the log may know.

use core::ffi::c_char;

use sealwire_core::{Mode, Rejection};

use crate::identity::SEALWIRE_ID_SIZE;
use crate::pointer::Out;
use crate::status::{Failure, sealwire_status};
use crate::text::filled;

/// The size of `sealwire_rejection.public_text` and `.field`, their NUL included.
pub const SEALWIRE_PUBLIC_TEXT_SIZE: usize = 64;

/// What happens to rejected requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum sealwire_mode {
    /// For a sender's rules only: the verifier's mode.
    Inherit = -1,
    /// They pass, unseen.
    Off = 0,
    /// They pass without an identity; count and log them.
    Observe = 1,
    /// They are turned away.
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

/// Core's mode of this number.
pub(crate) fn mode(number: i32) -> Result<Mode, Failure> {
    let held = Mode::ALL.into_iter().find(|mode| sealwire_mode::of(*mode) as i32 == number);
    held.ok_or(sealwire_status::InvalidArgument.into())
}

/// A rejected request, written when a status is positive. Holds no signature, secret or body. Every array ends
/// in a NUL.
///
/// The peer is told `http_status` and `public_text` and nothing else; the rest is for the log. Look at `mode`
/// first: only `SEALWIRE_MODE_ENFORCE` turns the request away.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_rejection {
    /// How old the request says it is, in milliseconds; negative when it lies ahead.
    pub age_ms: i64,
    /// Why: a `sealwire_reason`, the status of the call.
    pub reason: i32,
    /// The `sealwire_mode` for this sender.
    pub mode: i32,
    /// The HTTP status to answer with.
    pub http_status: i32,
    /// The `sealwire_scheme` it was judged by; the most preferred one when none was present.
    pub scheme: i32,
    /// The key version as claimed.
    pub key_version: u32,
    /// Whether `key_version` is known.
    pub has_key_version: bool,
    /// Whether `age_ms` is known.
    pub has_age: bool,
    /// The body to answer with, in the scheme's own words.
    pub public_text: [c_char; SEALWIRE_PUBLIC_TEXT_SIZE],
    /// The header or component at fault; may be empty.
    pub field: [c_char; SEALWIRE_PUBLIC_TEXT_SIZE],
    /// The sender as claimed, not authenticated, with everything but visible ASCII shown as `?`; may be empty.
    pub sender: [c_char; SEALWIRE_ID_SIZE],
    /// Zero, in place of padding.
    pub reserved: [u8; 1],
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
            reserved: [0; 1],
        }
    }
}

/// Where a call's rejection goes, if anywhere.
#[derive(Debug)]
pub(crate) struct RejectedOut(Option<Out<sealwire_rejection>>);

impl RejectedOut {
    /// # Safety
    /// `rejected` is NULL or points to memory that only this call uses.
    pub(crate) unsafe fn new(rejected: *mut sealwire_rejection) -> Result<Self, Failure> {
        // SAFETY: this function's own contract.
        unsafe { Out::optional(rejected) }.map(Self)
    }

    /// Writes the rejection and turns it into the status.
    pub(crate) fn refuse(self, rejected: &Rejection) -> Failure {
        if let Some(out) = self.0 {
            out.write(rejected.into());
        }
        Failure::Refused(rejected.reason)
    }
}
