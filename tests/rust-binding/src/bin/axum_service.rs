//! The program `documented/axum_service.rs`, with its own address.
include!(concat!(env!("OUT_DIR"), "/axum_service.rs"));
