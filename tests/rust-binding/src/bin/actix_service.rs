//! The program `documented/actix_service.rs`, with its own address.
include!(concat!(env!("OUT_DIR"), "/actix_service.rs"));
