//! The program `documented/signing_client.rs`, with its own address.
include!(concat!(env!("OUT_DIR"), "/signing_client.rs"));
