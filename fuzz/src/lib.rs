//! The fuzz targets. Each asserts properties for any input, beyond the absence of a panic.
//!
//! A target is a plain function of bytes, so that libFuzzer (`make fuzz`) and the stable mutator (`make fuzz-smoke`) run
//! the very same checks, from the same seeds: the shared vectors.

mod answer;
mod base;
mod edited;
mod keys;
pub mod mutate;
mod oracle;
mod pipeline;
mod policy;
pub mod seeds;
mod structured;
mod token;
mod wire;

pub use answer::answer;
pub use base::signature_base;
pub use edited::edited;
pub use keys::key_names;
pub use pipeline::{client, message, pairwise};
pub use policy::policy_paths;
pub use structured::structured_fields;
pub use token::connection_string;

/// A check of one input; a panic is a finding.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: [(&str, Target); 10] = [
    ("structured_fields", structured_fields),
    ("signature_base", signature_base),
    ("message", message),
    ("pairwise", pairwise),
    ("client", client),
    ("edited", edited),
    ("answer", answer),
    ("connection_string", connection_string),
    ("policy_paths", policy_paths),
    ("key_names", key_names),
];
