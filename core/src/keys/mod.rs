//! Keys, key sets and key rings. A key set contains the versions of one secret, of which one is the primary.
//! A key ring contains key sets and finds them by name.
//!
//! [`KeyRing`] stores its key sets on the heap. Programs without a heap can use [`StaticKeys`] or implement
//! [`KeySource`].

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
