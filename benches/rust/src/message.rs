//! Measures the `message` scheme and compares it with the lower bound for hashing.

use sealwire_core::Scheme;

use crate::floor;
use crate::harness::{Row, Settings};
use crate::schemes::{sign_subject, verify_subject};

/// The size of the signature base in bytes. The base contains four derived components and the signature
/// parameters.
const BASE: usize = 276;

pub fn sign(_: &Settings) -> Row {
    Row::new(vec![sign_subject(Scheme::Message, b""), floor::subject(BASE)])
}

pub fn verify(_: &Settings) -> Row {
    Row::new(vec![verify_subject(Scheme::Message, b""), floor::subject(BASE)])
}
