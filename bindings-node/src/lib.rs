//! The native half of the npm package `sealwire`: converts, reads the clock, and calls the crates that decide.
//!
//! Not a public interface: the public one is the JavaScript package. Three measured facts determine its design.
//! A function with an object argument costs several times as much as a closure, so calls per request are
//! closures; see [`call`]. Reading a string from JavaScript costs more than checking it, so the head of a
//! request is one string, see [`head`], and a request to sign omits the parts that equal those of the last one,
//! see [`scratch`]. Creating an object costs more than verifying, so a verdict is one number or string, which
//! JavaScript parses on access; see [`verdict`].
//!
//! Every function catches panics: one that slipped through would otherwise end the process.
#![cfg_attr(
    test,
    allow(dead_code, reason = "napi exports nothing to a harness without Node; the tests are in JavaScript")
)]
#![allow(unreachable_pub, reason = "napi exports public items only, and no crate sees them")]
#![allow(missing_debug_implementations, reason = "arguments, some of which hold secrets")]

mod call;
mod catalog;
mod error;
mod head;
mod key_file;
mod modes;
mod replay;
mod response;
mod ring;
mod scratch;
mod settings;
mod sign;
mod stream;
mod token;
mod url;
mod verdict;
mod verify;
