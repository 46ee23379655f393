//! The native part of the npm package `sealwire`. It converts data, reads the clock and calls the crates that
//! make all decisions.
//!
//! This module is not a public interface; the JavaScript package is. Three measured facts determine its
//! design. A function with an object argument costs several times as much as a closure, so calls per request
//! are closures; see [`call`]. Reading a string from JavaScript costs more than checking it, so the head of a
//! request is a single string, see [`head`], and a request to sign omits the parts that are equal to those of
//! the last request, see [`scratch`]. Creating an object costs more than verifying, so a verdict is a single
//! number or string, which JavaScript parses on access; see [`shared::verdict`].
//!
//! All functions catch panics, because an uncaught panic would end the process.
#![cfg_attr(
    test,
    allow(dead_code, reason = "napi exports nothing to a harness without Node; the tests are in JavaScript")
)]
#![allow(unreachable_pub, reason = "napi exports public items only, and no crate sees them")]
#![allow(missing_debug_implementations, reason = "arguments, some of which contain secrets")]

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
