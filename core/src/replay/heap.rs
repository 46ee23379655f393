//! A replay table on the heap of a single process.

use super::atomic::AtomicU64;
use super::backend::TableBackend;
use super::table::{Table, words_for};
use alloc::boxed::Box;

/// The size of a cache line in bytes.
const LINE_BYTES: usize = 64;
const LINE_WORDS: usize = LINE_BYTES / size_of::<u64>();

/// A replay table on the heap. The table is not shared with other processes, and its contents are lost when
/// the process exits.
pub struct HeapTable {
    words: Box<[AtomicU64]>,
    /// The index of the first word that is aligned to a cache line. An aligned allocation would require
    /// `unsafe`.
    start: usize,
    end: usize,
    slots: usize,
    key: [u8; 16],
    refuses_before_s: u64,
}

impl HeapTable {
    /// Allocates a table with at least `slots` slots and a random `key`. Use [`slots_for`](super::slots_for)
    /// to calculate the number of slots.
    ///
    /// `created_s` is the current Unix time in seconds. The table contains no nonces of requests that were
    /// accepted before this time, so verifiers reject earlier timestamps. See [`HeapTable::accept_older`].
    #[must_use]
    pub fn new(slots: usize, key: [u8; 16], created_s: u64) -> Self {
        let words: Box<[AtomicU64]> =
            core::iter::repeat_with(|| AtomicU64::new(0)).take(words_for(slots) + LINE_WORDS - 1).collect();
        let start = words.as_ptr().align_offset(LINE_BYTES).min(LINE_WORDS - 1);
        Self { words, start, end: start + words_for(slots), slots, key, refuses_before_s: created_s }
    }

    /// Configures the table so that verifiers accept requests that were signed before the table was created.
    /// Requests that were accepted before a restart can then be replayed.
    #[must_use]
    pub const fn accept_older(mut self) -> Self {
        self.refuses_before_s = 0;
        self
    }
}

impl core::fmt::Debug for HeapTable {
    /// The debug output contains the size of the table, but not its key.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("HeapTable").field("slots", &self.slots).finish_non_exhaustive()
    }
}

impl TableBackend for HeapTable {
    #[inline]
    fn table(&self) -> Option<Table<'_>> {
        let words = self.words.get(self.start..self.end)?;
        Table::new(words, self.key).ok()
    }

    fn begins_s(&self) -> u64 {
        self.refuses_before_s
    }

    fn is_shared(&self) -> bool {
        false
    }
}
