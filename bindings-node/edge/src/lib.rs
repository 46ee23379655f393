//! The core crate as a WebAssembly module, for runtimes that cannot load addons: Workers, edge functions and
//! browsers.
//!
//! # Conventions
//! The module has no imports. The caller passes the time and random bytes as arguments.
//!
//! - Input: The caller requests a buffer with `sealwire_input(length)`, writes the arguments into it one after
//!   another, and calls a function with the lengths of the arguments. The function reads the buffer only during
//!   the call.
//! - Output: a function writes its result into the output buffer. `sealwire_output()` returns the address of this buffer, and
//!   `sealwire_output_length()` returns its length. The buffer is valid until the next call.
//! - Result: a function returns a non-negative number if it succeeds. A negative number is an error code (see
//!   [`error::Code`]), and the output buffer then contains the error message.
//! - Objects: a positive number identifies an object. `sealwire_free(object)` frees the object. `sealwire_prove`,
//!   `sealwire_finish` and `sealwire_expire` free the verification that is passed to them. `sealwire_settle`
//!   frees the verified request passed to it.
//! - Settings are encoded as described in [`values`]. A request head consists of parts that are joined with
//!   line breaks, with one byte for each Latin-1 character, as in the addon (`shared::parts`).
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
