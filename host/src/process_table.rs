//! A replay table for a single process. Large tables use huge pages.

#[cfg(target_os = "linux")]
use crate::{huge_pages, words::Words};
use sealwire_core::replay::{HeapTable, Table, TableBackend, memory_bytes};
use std::{fmt, io};

/// A replay table for a single process. On Linux, tables of 2 MiB or more use huge pages. All other tables
/// are on the heap.
///
/// With ordinary pages, claiming a nonce in a large table causes two cache misses, one in the page table and
/// one in the data. Huge pages avoid the miss in the page table. All memory is allocated when the table is
/// created. After a fork, each process has a separate copy of the table.
pub struct ProcessTable {
    memory: Memory,
    slots: usize,
    refuses_before_s: u64,
}

impl ProcessTable {
    /// Creates a table with at least `slots` slots. `key` must be random. Use
    /// [`slots_for`](sealwire_core::replay::slots_for) to calculate the number of slots.
    ///
    /// `created_s` is the current Unix time in seconds. A new table does not contain the nonces of earlier
    /// requests, so a verifier rejects timestamps before `created_s`. See [`ProcessTable::accept_older`].
    ///
    /// # Errors
    /// [`NoMemory`] if the operating system does not provide the memory. By default, Linux allows a process
    /// to allocate more memory than is available, and kills it when it accesses the memory. For a large
    /// table, this happens in this function and not during a request, because this function writes to every
    /// page.
    pub fn new(slots: usize, key: [u8; 16], created_s: u64) -> Result<Self, NoMemory> {
        let memory = Memory::new(slots, key).map_err(|cause| NoMemory { slots, cause })?;
        Ok(Self { memory, slots, refuses_before_s: created_s })
    }

    /// Accepts requests that were signed before the table was created. Requests that were accepted before a
    /// restart can then be replayed.
    #[must_use]
    pub const fn accept_older(mut self) -> Self {
        self.refuses_before_s = 0;
        self
    }
}

enum Memory {
    Heap(HeapTable),
    #[cfg(target_os = "linux")]
    HugePages {
        words: Words,
        key: [u8; 16],
    },
}

impl Memory {
    fn new(slots: usize, key: [u8; 16]) -> io::Result<Self> {
        let bytes = memory_bytes(slots);
        if isize::try_from(bytes).is_err() {
            return Err(io::ErrorKind::OutOfMemory.into()); // a heap allocation would panic
        }
        #[cfg(target_os = "linux")]
        if bytes >= huge_pages::HUGE_PAGE_BYTES {
            let words = huge_pages::words(sealwire_core::replay::words_for(slots))?;
            return Ok(Self::HugePages { words, key });
        }
        Ok(Self::Heap(HeapTable::new(slots, key, 0)))
    }
}

impl fmt::Debug for ProcessTable {
    /// Writes the number of slots, but not the secret key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessTable").field("slots", &self.slots).finish_non_exhaustive()
    }
}

impl TableBackend for ProcessTable {
    #[inline]
    fn table(&self) -> Option<Table<'_>> {
        match &self.memory {
            Memory::Heap(table) => table.table(),
            #[cfg(target_os = "linux")]
            Memory::HugePages { words, key } => Table::new(words.as_slice(), *key).ok(),
        }
    }

    fn begins_s(&self) -> u64 {
        self.refuses_before_s
    }

    fn is_shared(&self) -> bool {
        false
    }
}

/// The error that is returned if the operating system does not provide the memory for a replay table.
#[derive(Debug)]
pub struct NoMemory {
    slots: usize,
    cause: io::Error,
}

impl fmt::Display for NoMemory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slots, cause } = self;
        let bytes = memory_bytes(*slots);
        write!(
            f,
            "a replay table of {slots} slots takes {bytes} bytes, which the system does not provide ({cause}); \
             size it for fewer requests per second or a shorter window, or allow the process more memory"
        )
    }
}

impl std::error::Error for NoMemory {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.cause)
    }
}
