//! Sealwire signs and verifies service-to-service HTTP requests with HMAC.
//!
//! - [`Verifier`] verifies an [`http::Request`] and returns the [`Identity`] of its sender, or a [`Rejection`].
//! - [`Signer`] adds the signature headers to an [`http::Request`].
//! - [`KeyRing`] contains all versions of the secrets. It can be replaced while the service runs.
//! - [`ReplayTable`] stores the nonces of accepted requests. A request with a stored nonce is rejected.
//! - [`ConnectionString`] is a token of an API gateway.
//! - [`RejectedRequest`] explains why a captured request was rejected.
//!
//! This crate does not decide whether a request is valid. The crate `sealwire-core` makes this decision. The
//! packages for Python, Node.js and C use the same crate.
//!
//! # Example
//! ```
//! use sealwire::{KeyRing, KeySet, ReplayTable, Signer, Verifier};
//!
//! let secret = KeySet::new(1, b"32 bytes or more, of a CSPRNG's.");
//! let keys = KeyRing::builder().pair("agent", "practices", secret).build()?;
//!
//! let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
//! let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
//!
//! let request = http::Request::post("https://practices.internal/patients?ward=7").body("{}")?;
//! let request = signer.sign(request)?;
//! assert_eq!(verifier.verify(&request)?.sender, "agent");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Features
//!
//! All features are off by default.
//!
//! | feature | adds |
//! |---|---|
//! | `tower` | `VerifyLayer`, for hyper, tonic and axum |
//! | `axum` | extractors for axum, and support for nested routers |
//! | `actix` | a middleware and extractors for actix-web |
//! | `reqwest` | a client that signs every attempt |
//! | `redis` | a replay store that several hosts share |
//! | `vault` | references to HashiCorp Vault or OpenBao in key files |
//! | `metrics` | counters and histograms, recorded with the crate `metrics` |
//! | `testing` | keys, identities and signed requests for the tests of a service |
//! | `tracing` | a `tracing` event for each verified or rejected request |
#![forbid(unsafe_code)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(feature = "axum")]
pub mod axum;
mod connection_string;
mod explain;
#[cfg(any(feature = "actix", feature = "tower"))]
mod gate;
mod head;
mod identity;
mod key_file;
mod key_ring;
#[cfg(feature = "metrics")]
pub mod metrics;
mod mode_file;
#[cfg(feature = "redis")]
pub mod redis;
mod rejection;
mod reloader;
mod replay;
#[cfg(any(feature = "actix", feature = "tower"))]
mod report;
#[cfg(feature = "reqwest")]
pub mod reqwest;
mod sign_error;
mod signer;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "vault")]
pub mod vault;
mod verifier;
mod verifier_builder;

pub use connection_string::{ConnectionString, Draft, DraftError, Role, TokenRejection};
pub use explain::{Explanation, Outcome as ExplanationOutcome, Refused, RejectedRequest};
pub use identity::Identity;
pub use key_file::KeyFile;
pub use key_ring::{KeyRing, KeyRingBuilder, KeySet};
pub use mode_file::ModeFile;
pub use rejection::Rejection;
pub use reloader::Reloader;
pub use replay::{Claim, ReplayTable, SharedStore};
pub use sealwire_core::connection_string::{IssueError, Permission, Uuid};
pub use sealwire_core::keys::KeyStatus;
pub use sealwire_core::replay::Outcome;
pub use sealwire_core::{Mode, Reason, Scheme};
pub use sealwire_host::ConfigError;
pub use sign_error::SignError;
pub use signer::{Signer, SignerBuilder};
pub use verifier::Verifier;
pub use verifier_builder::{Sender, VerifierBuilder};
