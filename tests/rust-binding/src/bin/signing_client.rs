//! The program `documented/signing_client.rs`, with an address of its own.
include!(concat!(env!("OUT_DIR"), "/signing_client.rs"));
