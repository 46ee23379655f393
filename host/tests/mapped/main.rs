//! Tests replay tables in mapped files with several processes, some of which are killed.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod child;
mod processes;
mod refusals;
mod requests;
mod sharing;

use sealwire_core::replay::{Nonce, Outcome, ReplayStore as _};
use sealwire_host::mapped::MappedTable;
use std::path::{Path, PathBuf};

pub(crate) const SLOTS: usize = 1 << 16;
/// The time used by the tests in Unix seconds, in the year 2024.
pub(crate) const NOW: u64 = 1_712_419_200;

pub(crate) fn in_new_directory() -> (tempfile::TempDir, PathBuf) {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("practices.replay");
    (directory, path)
}

pub(crate) fn open(path: &Path) -> MappedTable {
    MappedTable::open(path, SLOTS).unwrap()
}

pub(crate) fn claim(table: &MappedTable, number: u64) -> Outcome {
    let entry = table.locate(Nonce { sender: "agent", nonce: &number.to_le_bytes() });
    table.claim(&entry, NOW + 300, NOW)
}
