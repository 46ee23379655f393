//! Keys: versions of a secret, gathered in a set with a primary, gathered in a ring by name.
//!
//! A [`KeySet`] borrows its keys and a ring is anything that implements [`KeySource`], so a program without a heap can
//! hold both in static memory. [`KeyRing`] is the ring on the heap.

pub(crate) mod counter;
#[cfg(feature = "alloc")]
mod frames;
pub(crate) mod key;
pub(crate) mod key_set;
#[cfg(feature = "alloc")]
mod ring;
mod secret;
pub(crate) mod source;

pub use key::{Key, Usage};
pub use key_set::{KeySet, KeySetError, MAX_TRIED};
#[cfg(feature = "alloc")]
pub use ring::{KeyRing, KeyRingBuilder, KeyRingError, KeyRingFault, KeyStatus, Version};
pub use secret::{MIN_SECRET_BYTES, SecretError, Strength, decode_base64};
pub use source::{KeyName, KeySource, StaticKeys, variable_name};
