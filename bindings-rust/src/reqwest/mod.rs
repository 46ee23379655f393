//! A client on top of reqwest that signs every attempt.

mod builder;
mod client;
mod error;
mod origins;
mod redirect;

pub use builder::ClientBuilder;
pub use client::Client;
pub use error::Error;
