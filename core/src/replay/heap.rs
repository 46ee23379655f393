//! The table of a single process, in memory of its own.

use super::atomic::AtomicU64;
use super::backend::TableBackend;
use super::table::{Table, words_for};
use alloc::boxed::Box;

/// A cache line, in bytes and in words.
const LINE_BYTES: usize = 64;
const LINE_WORDS: usize = LINE_BYTES / size_of::<u64>();

/// A replay table on the heap: for one process, and gone with it.
pub struct HeapTable {
    words: Box<[AtomicU64]>,
    /// Where the first whole cache line begins; there is no asking the allocator for it without `unsafe`.
    start: usize,
    end: usize,
    slots: usize,
    key: [u8; 16],
    refuses_before_s: u64,
}

impl HeapTable {
    /// Allocates a table of at least `slots` slots ([`slots_for`](super::slots_for) computes them) under a random `key`.
    ///
    /// It cannot know what passed before it existed, so a verifier refuses timestamps before `created_s`, the time now;
    /// see [`HeapTable::accept_older`].
    #[must_use]
    pub fn new(slots: usize, key: [u8; 16], created_s: u64) -> Self {
        let words: Box<[AtomicU64]> =
            core::iter::repeat_with(|| AtomicU64::new(0)).take(words_for(slots) + LINE_WORDS - 1).collect();
        let start = words.as_ptr().align_offset(LINE_BYTES).min(LINE_WORDS - 1);
        Self { words, start, end: start + words_for(slots), slots, key, refuses_before_s: created_s }
    }

    /// Accepts requests signed before the creation of the table, at the risk that one was accepted before a
    /// restart.
    #[must_use]
    pub const fn accept_older(mut self) -> Self {
        self.refuses_before_s = 0;
        self
    }
}

impl core::fmt::Debug for HeapTable {
    /// Shows the size, never the key.
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
}
