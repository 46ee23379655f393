//! The verified sender of a request. A copy: it stays valid after the request and the verifier are freed. Every
//! array ends in a NUL.

use core::ffi::c_char;

use sealwire_core::{Identity, MAX_ID_BYTES};

use crate::text::filled;

/// The size of the text arrays for a sender, a user or a nonce, including the NUL.
pub const SEALWIRE_ID_SIZE: usize = 129;

// Fails to compile if core accepts names that are too long for these arrays.
const _: () = assert!(SEALWIRE_ID_SIZE == MAX_ID_BYTES + 1);

/// The verified sender of a request. A copy: it stays valid after the request and the verifier are freed. Every
/// array ends in a NUL.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_identity {
    /// The age of the request in milliseconds; negative if its clock was ahead.
    pub age_ms: i64,
    /// The `sealwire_scheme` that was verified.
    pub scheme: i32,
    /// The key version that matched.
    pub key_version: u32,
    /// The sender's canonical name: a service name or a client id, without the suffix `_service`.
    pub sender: [c_char; SEALWIRE_ID_SIZE],
    /// The sender's name as sent, which the MAC covers.
    pub name_as_sent: [c_char; SEALWIRE_ID_SIZE],
    /// The user of the request; empty if there is none, or if it is not trusted.
    pub user_id: [c_char; SEALWIRE_ID_SIZE],
    /// The nonce or request id; empty if none is claimed.
    pub nonce: [c_char; SEALWIRE_ID_SIZE],
    /// Zero, instead of padding, so that equal identities are equal for `memcmp`.
    pub reserved: [u8; 4],
}

impl From<&Identity<'_>> for sealwire_identity {
    fn from(identity: &Identity<'_>) -> Self {
        Self {
            sender: filled(identity.sender),
            name_as_sent: filled(identity.name_as_sent),
            user_id: filled(identity.user_id.unwrap_or_default()),
            nonce: filled(identity.nonce.unwrap_or_default()),
            scheme: i32::from(identity.scheme.number()),
            key_version: identity.key_version,
            age_ms: identity.age_ms,
            reserved: [0; 4],
        }
    }
}
