//! The native addon of the npm package `sealwire`. It converts data between JavaScript and Rust, reads the
//! clock, and calls the `sealwire-core` and `sealwire-host` crates, which make all decisions.
//!
//! The addon is not a public interface. Applications use the JavaScript package. Measurements led to three
//! design decisions:
//!
//! - Calling a function with an object argument takes several times as long as calling a closure. The functions
//!   that are called for each request are therefore closures, see [`call`].
//! - Reading a string from JavaScript takes longer than checking it. The head of a request is therefore passed
//!   as a single string, see [`head`]. When a request is signed, parts that are the same as in the previous
//!   request are not passed again, see [`scratch`].
//! - Creating a JavaScript object takes longer than verifying a request. A verdict is therefore a single number
//!   or string, which the JavaScript code parses on access, see [`shared::verdict`].
//!
//! All functions catch panics, because an uncaught panic would terminate the process.
#![cfg_attr(
    test,
    allow(dead_code, reason = "napi exports no functions in test builds, and the tests are in JavaScript")
)]
#![allow(unreachable_pub, reason = "napi exports only public items, and no other crate uses them")]
#![allow(missing_debug_implementations, reason = "the types are arguments, and some contain secrets")]

mod call;
mod catalog;
mod error;
mod explain;
mod head;
mod key_file;
mod modes;
mod packed;
mod replay;
mod response;
mod ring;
mod scratch;
mod settings;
mod shared;
mod sign;
mod stream;
mod token;
mod url;
mod verify;
