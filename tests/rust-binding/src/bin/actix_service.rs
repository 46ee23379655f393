//! The program `documented/actix_service.rs`, with the address in the environment variable ADDRESS.
include!(concat!(env!("OUT_DIR"), "/actix_service.rs"));
