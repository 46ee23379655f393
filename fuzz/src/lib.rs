//! The fuzz targets. A target checks properties that must hold for every input, and panics if one is
//! violated.
//!
//! A target is a function that takes bytes. The same targets are run by libFuzzer (`make fuzz`) and by the
//! mutator for stable Rust (`make fuzz-smoke`). Both use the same seeds, which are created from the shared
//! test vectors.

mod base;
mod edited;
mod keys;
pub mod mutate;
mod oracle;
mod pipeline;
mod policy;
mod response;
pub mod seeds;
mod structured;
mod token;
mod wire;

pub use base::signature_base;
pub use edited::edited;
pub use keys::key_names;
pub use pipeline::{client, message, pairwise};
pub use policy::policy_paths;
pub use response::response;
pub use structured::structured_fields;
pub use token::connection_string;

/// A function that checks an input. A panic is a finding.
pub type Target = fn(&[u8]);

/// The names and functions of all targets.
pub const TARGETS: [(&str, Target); 10] = [
    ("structured_fields", structured_fields),
    ("signature_base", signature_base),
    ("message", message),
    ("pairwise", pairwise),
    ("client", client),
    ("edited", edited),
    ("response", response),
    ("connection_string", connection_string),
    ("policy_paths", policy_paths),
    ("key_names", key_names),
];
