//! Keys: versions of a secret form a set with a primary, and sets form a ring by name.
//!
//! [`KeySet`] borrows its keys and rings implement the trait [`KeySource`], so programs without a heap can
//! use static memory. [`KeyRing`] is the implementation on the heap.

pub(crate) mod counter;
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
