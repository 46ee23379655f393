//! The program `documented/signing_client.rs`, with the address in the environment variable ADDRESS.
include!(concat!(env!("OUT_DIR"), "/signing_client.rs"));
