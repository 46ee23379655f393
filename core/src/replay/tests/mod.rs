#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    reason = "tests fail by panicking, and count small numbers"
)]

mod backends;
mod claims;
mod model;
mod rates;
mod shares;
mod threads;

use crate::replay::heap::HeapTable;
use crate::replay::nonce::{Entry, Nonce};
use crate::replay::store::ReplayStore as _;

pub(super) const KEY: [u8; 16] = *b"a key for tests.";
/// A second in 2024, far from any wrap-around of the expiry bits.
pub(super) const NOW: u64 = 1_712_419_200;

pub(super) fn heap(slots: usize) -> HeapTable {
    HeapTable::new(slots, KEY, NOW)
}

/// Returns the entry for a nonce with this number.
pub(super) fn entry(table: &HeapTable, number: u64) -> Entry {
    table.locate(Nonce { sender: "agent", nonce: &number.to_le_bytes() })
}
