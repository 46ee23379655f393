//! Replay protection (placeholder module line so that the crate compiles; see the table).
