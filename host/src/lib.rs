//! What Sealwire needs an operating system for.

pub mod mapped;
