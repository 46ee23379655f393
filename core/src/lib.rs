#![doc = "Sealwire's core: signs and verifies service-to-service requests with HMAC, without std."]
#![no_std]
#![forbid(unsafe_code)]

#[cfg(feature = "alloc")]
extern crate alloc;
#[cfg(test)]
extern crate std;

mod hex;
mod rejection;
pub mod replay;
mod text;

pub use rejection::Rejection;
pub use text::Text;
