//! The table over a mapped file.

use super::error::{MappedError, Problem};
use super::file::{Opened, open_or_create};
use super::header::{HEADER_BYTES, file_bytes};
use crate::words::Words;
use memmap2::MmapRaw;
use sealwire_core::replay::{Table, TableBackend, words_for};
use std::fs::File;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// A replay table in a mapped file: shared by all processes of one user on a host, and kept across their restarts.
///
/// There is no lock in it and none beside it: a process killed at any instruction leaves it valid. Any number of threads
/// may use one `MappedTable`, and a process forked from one that holds it may go on using it.
pub struct MappedTable {
    path: PathBuf,
    file: File,
    words: Words,
    slots: usize,
    key: [u8; 16],
    created_s: u64,
    refuses_before_s: u64,
    /// The second in which the file was last looked at.
    looked_s: AtomicU64,
}

impl MappedTable {
    /// Opens the table at `path`, or creates one there of `slots` slots, rounded up to whole buckets of 8
    /// ([`slots_for`](sealwire_core::replay::slots_for) computes them). The directory has to exist.
    ///
    /// A table cannot know what passed before it existed, so a verifier refuses timestamps before its creation;
    /// see [`MappedTable::accept_older`].
    ///
    /// # Errors
    /// [`MappedError`] says what is wrong with the file and what to do.
    pub fn open(path: impl AsRef<Path>, slots: usize) -> Result<Self, MappedError> {
        let path = path.as_ref();
        let slots = slots.max(1).next_multiple_of(8);
        let Opened { file, header } = open_or_create(path, slots, crate::clock::coarse_now_s())?;
        let mapping = MmapRaw::map_raw(&file)
            .map_err(|error| MappedError::new(path, Problem::Io("mapping it", error)))?;
        let bytes = mapping.len() as u64;
        let words = Words::within(mapping, HEADER_BYTES, words_for(slots))
            .filter(|_| bytes == file_bytes(slots))
            .ok_or_else(|| MappedError::new(path, Problem::Length(bytes)))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            words,
            slots,
            key: header.key,
            created_s: header.created_s,
            refuses_before_s: header.created_s,
            looked_s: AtomicU64::new(0),
        })
    }

    /// Lets requests signed before the file existed pass, at the risk that one of them passed before.
    #[must_use]
    pub const fn accept_older(mut self) -> Self {
        self.refuses_before_s = 0;
        self
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// How many nonces it can hold.
    #[must_use]
    pub const fn slots(&self) -> usize {
        self.slots
    }

    /// When the file was created, in seconds since the epoch.
    #[must_use]
    pub const fn created_s(&self) -> u64 {
        self.created_s
    }

    /// Whether new workers would find this very file; looked up once a second at most.
    ///
    /// A deleted file goes on working for those who hold it, while a worker started later makes a new one: each of the two
    /// would let a request pass. So those who hold a deleted file stop claiming in it.
    fn is_intact(&self, now_s: u64) -> bool {
        if self.looked_s.load(Relaxed) == now_s {
            return true;
        }
        let metadata = self.file.metadata();
        let intact = metadata.is_ok_and(|it| it.nlink() > 0 && it.len() == file_bytes(self.slots));
        if intact {
            self.looked_s.store(now_s, Relaxed);
        }
        intact
    }
}

impl std::fmt::Debug for MappedTable {
    /// Shows file and size, never the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MappedTable")
            .field("path", &self.path)
            .field("slots", &self.slots)
            .finish_non_exhaustive()
    }
}

impl TableBackend for MappedTable {
    #[inline]
    fn table(&self) -> Option<Table<'_>> {
        Table::new(self.words.as_slice(), self.key).ok()
    }

    fn begins_s(&self) -> u64 {
        self.refuses_before_s
    }

    /// Claims end when the file was deleted or cut under the running workers: restart them.
    #[inline]
    fn is_open(&self, now_s: u64) -> bool {
        self.is_intact(now_s)
    }
}
