//! Tests of the public API of the core crate. Each module in `core/src` has a module of the same name here.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

mod bytes;
mod common;
mod connection_string;
mod http_signature;
mod keys;
mod mac;
mod policy;
mod replay;
mod response;
mod schemes;
mod signer;
mod structured_fields;
mod verifier;
mod wire;
