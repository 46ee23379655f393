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
/// A Unix time in 2024. The expiry bits do not wrap around near this time.
pub(super) const NOW: u64 = 1_712_419_200;

pub(super) fn heap(slots: usize) -> HeapTable {
    HeapTable::new(slots, KEY, NOW)
}

/// Returns the entry for the nonce with this number.
pub(super) fn entry(table: &HeapTable, number: u64) -> Entry {
    table.locate(Nonce { sender: "agent", nonce: &number.to_le_bytes() })
}
