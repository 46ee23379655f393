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
/// Some second of 2024, far from any boundary of the slots' clock.
pub(super) const NOW: u64 = 1_712_419_200;

pub(super) fn heap(slots: usize) -> HeapTable {
    HeapTable::new(slots, KEY, NOW)
}

/// The `number`th nonce of one sender.
pub(super) fn entry(table: &HeapTable, number: u64) -> Entry {
    table.locate(Nonce { sender: "agent", nonce: &number.to_le_bytes() })
}
