//! The native half of the npm package `sealwire`: converts, reads the clock, and calls the crates that decide.
//!
//! Not a public interface: the JavaScript beside it is. Three measured facts give it its shape. A function that takes an
//! object as an argument costs several times one that was made for it, so what is called once per request is; see [`call`].
//! Reading a string from JavaScript costs more than the check it is for does, so a request's head crosses as one string, see
//! [`head`], and a request to sign omits the parts that equal those of the last one, see [`scratch`]. And
//! making an object costs more than
//! verifying, so a verdict crosses back as one number or string, which JavaScript takes apart only when someone looks; see
//! [`verdict`].
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
