//! HTTP Message Signatures (RFC 9421): components, the signature base, and `Content-Digest` (RFC 9530). This
//! module is independent of keys and policies.

pub mod base;
pub(crate) mod component;
pub mod content_digest;
pub mod covered;
pub(crate) mod derived;
pub(crate) mod effort;
pub(crate) mod field;
mod identifier;
pub(crate) mod problem;
mod query_param;
mod registered_fields;

pub use component::{Component, Form, Part};
pub use problem::{ComponentError, Problem};
