//! Core as a WebAssembly module, for runtimes that cannot load addons: Workers, edge functions and browsers.
//!
//! # Conventions
//! The module imports nothing. JavaScript passes the time and random bytes.
//!
//! - Input: JavaScript requests a buffer with `sealwire_input(length)`, writes the arguments into it one after the
//!   other, and calls a function with their lengths. The function reads the buffer only during the call.
//! - Output: a function writes its result into a buffer that `sealwire_output()` and `sealwire_output_length()` describe. It
//!   is valid until the next call.
//! - The returned number is not negative after a success. A negative number is an error code (see [`error::Code`]), and the
//!   output is the error message.
//! - Objects are positive numbers. `sealwire_free(object)` ends an object. `sealwire_prove`, `sealwire_finish` and
//!   `sealwire_expire` end the verification that they get, and `sealwire_settle` ends the proven request.
//! - Settings cross as [`values`]. Request heads are parts joined with line breaks, a byte for each latin-1 character, as in the
//!   addon (`shared::parts`).
#![allow(
    unsafe_code,
    reason = "SAFETY: the only unsafe code is `no_mangle`, and every exported name starts with `sealwire_`, which no other \
              code in the module uses"
)]

#[cfg(feature = "explain")]
mod base;
mod catalog;
mod error;
#[cfg(feature = "explain")]
mod explain;
mod memory;
mod modes;
mod objects;
mod replay;
mod response;
mod ring;
mod settings;
#[path = "../../src/shared/mod.rs"]
mod shared;
mod sign;
mod stream;
mod token;
mod url;
mod values;
mod verify;
