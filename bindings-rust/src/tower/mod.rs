//! A tower layer that verifies requests.

mod body;
mod layer;

pub use body::{ResponseBody, VerifiedBody};
pub use layer::{PeerAddress, Verify, VerifyLayer};
