//! The modules of the addon that do not use napi. The WebAssembly module in `edge/` also includes them,
//! together with its own `error` module.

pub(crate) mod lines;
pub(crate) mod parts;
pub(crate) mod plain_url;
pub(crate) mod response;
pub(crate) mod token;
pub(crate) mod verdict;
