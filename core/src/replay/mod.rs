//! Replay protection with a lock-free table.
//!
//! [`Table`] uses borrowed memory, such as static memory, a mapped file or memory from C. [`HeapTable`]
//! allocates its memory. Both tables require 64-bit atomics. Applications for other targets must implement
//! [`ReplayStore`].

pub(crate) mod nonce;
pub(crate) mod store;

#[cfg(target_has_atomic = "64")]
mod atomic;
#[cfg(target_has_atomic = "64")]
mod backend;
#[cfg(target_has_atomic = "64")]
mod bits;
#[cfg(target_has_atomic = "64")]
mod bucket;
#[cfg(target_has_atomic = "64")]
mod claim;
#[cfg(all(target_has_atomic = "64", feature = "alloc"))]
mod heap;
#[cfg(target_has_atomic = "64")]
mod share;
#[cfg(target_has_atomic = "64")]
mod table;
#[cfg(all(test, not(loom), target_has_atomic = "64", feature = "alloc"))]
mod tests;

#[cfg(target_has_atomic = "64")]
pub use backend::TableBackend;
#[cfg(all(target_has_atomic = "64", feature = "alloc"))]
pub use heap::HeapTable;
pub use nonce::{Entry, Nonce, shared_key};
pub use store::{Fill, MAX_LIFETIME_SECONDS, NoStore, Outcome, ReplayStore, SenderShare};
#[cfg(target_has_atomic = "64")]
pub use table::{LAYOUT_VERSION, Table, TableError, memory_bytes, slots_for, words_for};
