//! Sealwire's core: signs and verifies service-to-service requests with HMAC.
//!
//! Every decision about a request is made here, once, for every language: how it is parsed, in which order it is
//! checked, which key is chosen, whether its time is right, what the MAC covers, whether it was seen before, and what the
//! caller is told. It needs no operating system: the clock and random bytes are arguments.
//!
//! - [`Verifier`] judges a [`Request`] by a [`Policy`] and the [`keys`], and returns an [`Identity`] or a [`Rejection`].
//! - [`Signer`] signs one, in one [`Scheme`] or several.
//! - [`replay`] remembers nonces, [`connection_string`] issues and verifies tokens.
//!
//! Neither signing nor verifying allocates. Nothing in a request makes either panic.
#![no_std]
#![forbid(unsafe_code)] // an auditor need not look for it

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod body;
mod class;
pub mod client;
pub mod connection_string;
mod counter;
mod grammar;
mod hex;
pub mod keys;
pub mod mac;
pub mod message;
pub mod pairwise;
mod pending;
mod pipeline;
mod policy;
mod reason;
mod rejection;
pub mod replay;
mod request;
mod scheme;
mod sign;
pub mod sink;
pub mod structured_fields;
mod text;
mod verify;
mod window;

pub use counter::Counter;
pub use grammar::{MAX_ID_BYTES, MAX_SERVICE_NAME_BYTES};
pub use pending::{Pending, Proven};
pub use policy::{AcceptedSchemes, List, MAX_POLICY_TEXT_BYTES, Mode, Modes, Policy, SenderPolicy};
pub use reason::Reason;
pub use rejection::Rejection;
pub use request::{Header, MAX_HEADERS, Request};
pub use scheme::Scheme;
pub use sign::{Coverage, SignError, Signer, Signing};
pub use text::Text;
pub use verify::{Identity, Verifier};
pub use window::Window;
