//! The `message` scheme: HTTP Message Signatures (RFC 9421) with `hmac-sha256`, and `Content-Digest` (RFC 9530).

mod answer;
pub mod base;
pub mod components;
mod derived;
pub mod digest;
mod field;
mod known;
mod known_fields;
mod modifiers;
mod names;
mod parameters;
mod problem;
mod query_param;
mod read;
mod received;
mod sign;
mod signature_fields;

pub use answer::{Exchange, VerifiedResponse};
pub use names::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT};
pub use problem::{ComponentError, Problem};
pub(crate) use read::{Signed, is_present, public_text, read};
pub(crate) use sign::sign;
