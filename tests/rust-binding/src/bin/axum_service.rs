//! The program `documented/axum_service.rs`, with an address of its own.
include!(concat!(env!("OUT_DIR"), "/axum_service.rs"));
