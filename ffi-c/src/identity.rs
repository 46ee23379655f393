//! The verified sender of a request.

use core::ffi::c_char;

use sealwire_core::{Identity, MAX_ID_BYTES};

use crate::text::filled;

/// The size of a character array for a sender, a user or a nonce, in bytes, including the NUL.
pub const SEALWIRE_ID_SIZE: usize = 129;

// This assertion fails if `sealwire-core` ever accepts names that are too long for these arrays.
const _: () = assert!(SEALWIRE_ID_SIZE == MAX_ID_BYTES + 1);

/// The verified sender of a request. The structure is a copy, so it stays valid after the request and the verifier are freed.
/// Every array ends with a NUL.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_identity {
    /// The age of the request in milliseconds, which is negative if the sender's clock was ahead.
    pub age_ms: i64,
    /// The `sealwire_scheme` of the verified signature.
    pub scheme: i32,
    /// The version of the key whose MAC matched.
    pub key_version: u32,
    /// The canonical name of the sender. It is a service name or a client id, without the suffix `_service`.
    pub sender: [c_char; SEALWIRE_ID_SIZE],
    /// The name that the sender used in the request. The MAC covers this spelling of the name.
    pub name_as_sent: [c_char; SEALWIRE_ID_SIZE],
    /// The user id of the request, which is empty if the request has no user id or if the id is not
    /// trusted.
    pub user_id: [c_char; SEALWIRE_ID_SIZE],
    /// The nonce or request id, which is empty if there is no nonce to claim.
    pub nonce: [c_char; SEALWIRE_ID_SIZE],
    /// Always zero. This member occupies bytes that would otherwise be padding, so that `memcmp` can
    /// compare identities.
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
