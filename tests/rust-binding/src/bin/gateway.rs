//! The program `documented/gateway.rs`, which listens on the address in the environment variable ADDRESS.
include!(concat!(env!("OUT_DIR"), "/gateway.rs"));
