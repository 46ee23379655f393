//! The program `documented/actix_service.rs`, which listens on the address in the environment variable ADDRESS.
include!(concat!(env!("OUT_DIR"), "/actix_service.rs"));
