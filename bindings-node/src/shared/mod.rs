//! The parts of the native half that do not use napi. The WebAssembly module in `edge/` includes them too, with
//! its own `error` module.

pub(crate) mod lines;
pub(crate) mod parts;
pub(crate) mod plain_url;
pub(crate) mod response;
pub(crate) mod token;
pub(crate) mod verdict;
