//! Helpers for bytes and short strings, which do not depend on HTTP.

pub(crate) mod base64;
pub(crate) mod byte_class;
pub(crate) mod frames;
pub(crate) mod hex;
pub(crate) mod names;
pub(crate) mod percent;
pub mod sink;
pub(crate) mod text;
