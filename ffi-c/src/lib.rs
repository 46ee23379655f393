//! The C ABI. `include/sealwire.h` and its comments are generated from this crate.
//!
//! Each C type has its own file, and its Rust name is its C name. This crate converts pointers to references,
//! calls `sealwire-core` and `sealwire-host`, and converts the result to a status.
#![allow(non_camel_case_types, reason = "the Rust names are the C names")]
#![allow(
    clippy::missing_safety_doc,
    reason = "README.md documents the contract for all pointers in the section \"API conventions\""
)]

mod counting;
mod guard;
mod opaque;
mod pointer;
mod reloading;

pub mod clock;
pub mod connection_string;
pub mod error;
pub mod explanation;
pub mod identity;
pub mod key_file;
pub mod key_ring;
pub mod key_ring_builder;
pub mod key_set;
pub mod key_version;
pub mod memory;
pub mod metrics;
pub mod mode_file;
pub mod modes;
pub mod pending;
pub mod rejection;
pub mod replay_table;
pub mod request;
pub mod response;
pub mod response_headers;
mod scheme;
pub mod secret_reference;
pub mod signer;
pub mod signer_builder;
pub mod signing;
pub mod static_keys;
pub mod static_signer;
pub mod static_verifier;
pub mod status;
#[cfg(feature = "test-panic")]
pub mod test_panic;
pub mod text;
pub mod url;
mod verdict;
pub mod verifier;
pub mod verifier_builder;
pub mod version;
