//! The core crate of Sealwire, which signs and verifies service-to-service requests with HMAC.
//!
//! This crate makes all decisions about a request: parsing, the order of the checks, key selection, the time
//! window, the MAC, replay protection, and the response to the caller. The crate does not require an
//! operating system. The caller passes the current time and random bytes as arguments.
//!
//! - [`Verifier`] verifies a [`Request`] with a [`Policy`] and the [`keys`], and returns an [`Identity`] or a
//!   [`Rejection`].
//! - [`Signer`] signs a request in one or more [`Scheme`]s.
//! - [`replay`] stores used nonces, to detect replayed requests.
//! - [`connection_string`] issues and verifies tokens.
//!
//! Signing and verifying do not allocate. No request can cause a panic.
#![no_std]
#![forbid(unsafe_code)]

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
pub use policy::authorities::{Authorities, Authority, SCHEME_BYTES};
pub use policy::list::{List, MAX_POLICY_TEXT_BYTES};
pub use policy::mode::{Mode, Modes};
pub use policy::route::Route;
pub use policy::window::{UNKNOWN_TIME_MS, Window};
pub use policy::{AcceptedSchemes, Policy, SenderPolicy, WHOLE_PPM};
pub use response::{Exchange, VerifiedResponse};
pub use schemes::BodyRule;
pub use schemes::pairwise_call::PairwiseCall;
pub use schemes::signing::{Coverage, SignError, Signing};
pub use schemes::{client, message, pairwise};
pub use signer::Signer;
pub use verifier::Verifier;
pub use verifier::claimed::Claimed;
pub use verifier::identity::Identity;
pub use verifier::pending::{Pending, Proven};
pub use verifier::rejection::Rejection;
pub use wire::grammar::{
    MAX_ID_BYTES, MAX_SERVICE_NAME_BYTES, canonical_name, is_client_id, is_service_name,
};
pub use wire::path::is_unambiguous as is_unambiguous_path;
pub use wire::reason::Reason;
pub use wire::request::{Header, MAX_HEADERS, OVERRIDES, Request};
pub use wire::scheme::Scheme;
pub use wire::url::{AbsoluteUrl, UrlError, url_buffer_bytes};
