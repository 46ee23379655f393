//! The `message` scheme, which combines HTTP Message Signatures (RFC 9421) with the algorithm `hmac-sha256`,
//! and `Content-Digest` (RFC 9530).

pub(crate) mod names;
mod parameters;
pub(crate) mod read;
pub(crate) mod received;
pub(crate) mod sign;

pub use names::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT, key_of};
