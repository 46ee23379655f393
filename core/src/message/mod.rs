//! The `message` scheme: HTTP Message Signatures (RFC 9421) with `hmac-sha256`, and `Content-Digest` (RFC 9530).

pub mod base;
pub mod components;
mod derived;
pub mod digest;
mod field;
mod known_fields;
mod problem;
mod query_param;

pub use problem::{ComponentError, Problem};

mod scheme;

pub use scheme::{CONTENT_DIGEST, SIGNATURE, SIGNATURE_INPUT};
pub(crate) use scheme::{Signed, is_present, public_text, read, sign};
