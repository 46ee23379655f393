//! The program `documented/axum_service.rs`, which listens on the address in the environment variable ADDRESS.
include!(concat!(env!("OUT_DIR"), "/axum_service.rs"));
