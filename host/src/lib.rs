//! The layer between `sealwire-core` and the language bindings. It contains everything that requires an
//! operating system, such as the clock, random nonces, and the memory and files of replay tables. It also
//! contains the settings, key files, mode files, and the signer and verifier that the bindings use.
//!
//! Without the feature `os`, the crate contains only the parts that do not require an operating system.

mod application_time;
mod claimed;
#[cfg(feature = "os")]
mod clock;
mod config;
mod config_error;
mod env;
#[cfg(feature = "explain")]
pub mod explain;
#[cfg(feature = "os")]
mod file_state;
#[cfg(feature = "os")]
mod files;
mod fresh_nonce;
pub mod help;
#[cfg(all(feature = "os", target_os = "linux"))]
mod huge_pages;
pub mod key_file;
#[cfg(feature = "os")]
pub mod mapped;
pub mod mode_file;
mod modes;
#[cfg(feature = "os")]
mod nonce;
mod peers;
mod process_lock;
#[cfg(feature = "os")]
mod process_table;
pub mod redact;
pub mod response;
mod ring;
mod route;
pub mod secret;
pub mod settings;
mod signer;
mod sizing;
mod stats;
mod verifier;
#[cfg(feature = "os")]
mod watched_file;
mod wire;
#[cfg(all(feature = "os", unix))]
mod words;

pub use application_time::{clock_conflict, clock_ms};
#[cfg(feature = "os")]
pub use clock::{Clock, now_ms, now_s};
pub use config::{SenderConfig, VerifierConfig, is_enabled, schemes};
pub use config_error::ConfigError;
pub use env::{ring_from_env, ring_of_pairs, secret_variable};
#[cfg(feature = "os")]
pub use file_state::{FileState, is_open_to_others};
#[cfg(feature = "os")]
pub use files::read_file;
pub use fresh_nonce::FreshNonce;
pub use modes::{Change, ModesConfig, SharedModes};
#[cfg(feature = "os")]
pub use nonce::{NoRandomness, discard_nonces, fresh_nonce, random_bytes};
#[cfg(feature = "os")]
pub use process_table::{NoMemory, ProcessTable};
pub use ring::SharedRing;
pub use route::{Located, ReportedPath};
pub use signer::Signer;
pub use sizing::{DEFAULT_REQUESTS_PER_SECOND, default_table_slots, table_slots};
pub use stats::{Snapshot, Stats};
pub use verifier::Verifier;
#[cfg(feature = "os")]
pub use watched_file::{Reloads, WatchedFile};
pub use wire::{HEADERS_KEPT, Url, authority, names_same_host, received};
