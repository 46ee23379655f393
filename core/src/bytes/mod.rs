//! Helpers for bytes and short strings, independent of HTTP.

pub(crate) mod byte_class;
pub(crate) mod frames;
pub(crate) mod hex;
pub mod sink;
pub(crate) mod text;
