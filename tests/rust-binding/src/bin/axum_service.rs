//! The program `documented/axum_service.rs`, with the address in the environment variable ADDRESS.
include!(concat!(env!("OUT_DIR"), "/axum_service.rs"));
