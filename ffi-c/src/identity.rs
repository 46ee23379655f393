//! Who sent a request, as verified.

use core::ffi::c_char;

use sealwire_core::{Identity, MAX_ID_BYTES};

use crate::text::filled;

/// The size of the text arrays for a sender, a user or a nonce, their NUL included.
pub const SEALWIRE_ID_SIZE: usize = 129;

// A grammar that grows must not cut an identity short.
const _: () = assert!(SEALWIRE_ID_SIZE == MAX_ID_BYTES + 1);

/// Who sent a request, as verified. A copy: it outlives the request and the verifier. Every array ends in a
/// NUL.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_identity {
    /// How old the request was, in milliseconds; negative when its clock ran ahead.
    pub age_ms: i64,
    /// The `sealwire_scheme` that proved it.
    pub scheme: i32,
    /// The key version that matched.
    pub key_version: u32,
    /// The sender: a service name or a client id.
    pub sender: [c_char; SEALWIRE_ID_SIZE],
    /// The user the request is made for; empty when there is none, or none that may be believed.
    pub user_id: [c_char; SEALWIRE_ID_SIZE],
    /// The nonce or request id; empty where nothing is claimed.
    pub nonce: [c_char; SEALWIRE_ID_SIZE],
    /// Zero. In place of padding, so that two equal identities are equal to `memcmp`.
    pub reserved: [u8; 5],
}

impl From<&Identity<'_>> for sealwire_identity {
    fn from(identity: &Identity<'_>) -> Self {
        Self {
            sender: filled(identity.sender),
            user_id: filled(identity.user_id.unwrap_or_default()),
            nonce: filled(identity.nonce.unwrap_or_default()),
            scheme: i32::from(identity.scheme.number()),
            key_version: identity.key_version,
            age_ms: identity.age_ms,
            reserved: [0; 5],
        }
    }
}
