//! Helpers on bytes and short texts. They know nothing about HTTP.

pub(crate) mod byte_class;
pub(crate) mod hex;
pub mod sink;
pub(crate) mod text;
