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

mod bytes;
pub mod connection_string;
pub mod http_signature;
pub mod keys;
pub mod mac;
mod policy;
pub mod replay;
mod response;
mod schemes;
mod signer;
pub mod structured_fields;
mod verifier;
mod wire;

pub use bytes::sink;
pub use bytes::text::Text;
pub use keys::counter::Counter;
pub use policy::mode::{List, Mode, Modes};
pub use policy::window::Window;
pub use policy::{AcceptedSchemes, MAX_POLICY_TEXT_BYTES, Policy, SenderPolicy};
pub use response::{Exchange, VerifiedResponse};
pub use schemes::signing::{Coverage, SignError, Signing};
pub use schemes::{client, message, pairwise};
pub use signer::Signer;
pub use verifier::Verifier;
pub use verifier::identity::Identity;
pub use verifier::pending::{Pending, Proven};
pub use verifier::rejection::Rejection;
pub use wire::grammar::{MAX_ID_BYTES, MAX_SERVICE_NAME_BYTES, canonical_name};
pub use wire::reason::Reason;
pub use wire::request::{Header, MAX_HEADERS, Request};
pub use wire::scheme::Scheme;
