//! The program `documented/actix_service.rs`, with an address of its own.
include!(concat!(env!("OUT_DIR"), "/actix_service.rs"));
