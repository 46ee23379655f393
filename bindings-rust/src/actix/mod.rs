//! Middlewares and extractors for actix-web.

mod body;
mod extract;
mod token;
mod verify;

pub use extract::Unverified;
pub use token::{ConnectionStrings, ConnectionStringsService};
pub use verify::{Verify, VerifyService};
