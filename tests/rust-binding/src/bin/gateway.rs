//! The program `documented/gateway.rs`, with an address of its own.
include!(concat!(env!("OUT_DIR"), "/gateway.rs"));
