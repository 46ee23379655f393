//! Message authentication codes: HMAC-SHA-256 for requests, HMAC-SHA-512 for connection strings (RFC 2104, FIPS 198-1).

mod sha256;
mod sha512;

pub use sha256::{HmacSha256, HmacSha256Stream, Mac};
pub use sha512::{HmacSha512, HmacSha512Stream};

/// A MAC algorithm under a key: what a key set holds.
pub trait Keyed: Sized {
    /// Keys the algorithm with a secret of any length; what is too short or too plain is the key set's to refuse.
    fn keyed(secret: &[u8]) -> Self;
}
