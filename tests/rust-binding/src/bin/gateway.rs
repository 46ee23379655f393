//! The program `documented/gateway.rs`, with the address in the environment variable ADDRESS.
include!(concat!(env!("OUT_DIR"), "/gateway.rs"));
