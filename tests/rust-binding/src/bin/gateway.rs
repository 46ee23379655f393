//! The program `documented/gateway.rs`, with its own address.
include!(concat!(env!("OUT_DIR"), "/gateway.rs"));
