//! The table over a mapped file.

use super::error::{MappedError, Problem};
use super::file::{Opened, Size, open_or_create};
use super::header::{HEADER_BYTES, file_bytes};
use super::identity::FileIdentity;
use super::place::default_path;
use crate::words::Words;
use memmap2::MmapRaw;
use rustix::fs::FlockOperation;
use sealwire_core::replay::{Table, TableBackend, words_for};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

/// How often the file's times are set, in seconds, so that cleaners of temporary files see that it is in use.
const TOUCH_EVERY_S: u64 = 60;

/// A replay table in a mapped file: shared by all processes of one user on a host, and kept across their restarts.
///
/// There is no lock around claims: a process killed at any instruction leaves the table valid. Any number of threads may use one
/// `MappedTable`, and so may a process forked from one that holds it.
///
/// Every holder keeps a shared `flock` on the file, so that a file in use is never replaced by
/// [`MappedTable::open_default`].
pub struct MappedTable {
    path: PathBuf,
    file: File,
    /// Locked for a default directory: systemd-tmpfiles does not clean a locked one.
    _directory: Option<File>,
    identity: FileIdentity,
    words: Words,
    slots: usize,
    key: [u8; 16],
    created_s: u64,
    refuses_before_s: u64,
    /// The second of the last look at the file.
    looked_s: AtomicU64,
    /// The second in which the file's times were last set.
    touched_s: AtomicU64,
    /// Whether the path has led to another file, or to none.
    lost: AtomicBool,
}

impl MappedTable {
    /// Whether this operating system has mapped tables.
    pub const SUPPORTED: bool = true;

    /// Opens the table at `path`, or creates one there of `slots` slots, rounded up to whole buckets of 8
    /// ([`slots_for`](sealwire_core::replay::slots_for) computes them). The directory has to exist.
    ///
    /// A table cannot know what passed before it existed, so a verifier rejects requests signed before its creation;
    /// see [`MappedTable::accept_older`].
    ///
    /// # Errors
    /// [`MappedError`] with the file, the problem and the remedy.
    pub fn open(path: impl AsRef<Path>, slots: usize) -> Result<Self, MappedError> {
        Self::open_sized(path.as_ref(), Size::Exactly(whole_buckets(slots)), None)
    }

    /// Opens or creates the default table of this `name`; see [`default_name`](super::default_name) and
    /// [`default_path`](super::default_path).
    ///
    /// A larger table than asked for is used as it is. One that is too small, or of another version of Sealwire, is replaced if no
    /// process uses it.
    ///
    /// # Errors
    /// As [`MappedTable::open`]; [`Problem::NoDirectory`] where no default directory can be used.
    pub fn open_default(name: &str, slots: usize) -> Result<Self, MappedError> {
        let path = default_path(name)?;
        let directory = path.parent().and_then(lock_directory);
        Self::open_sized(&path, Size::AtLeast(whole_buckets(slots)), directory)
    }

    pub(super) fn open_sized(path: &Path, size: Size, directory: Option<File>) -> Result<Self, MappedError> {
        let Opened { file, header, slots } = open_or_create(path, size, crate::clock::now_s())?;
        let failed = |problem| MappedError::new(path, problem);
        let identity = file.metadata().map(|metadata| FileIdentity::of(&metadata));
        let identity = identity.map_err(|error| failed(Problem::Io("inspecting it", error)))?;
        let mapping = MmapRaw::map_raw(&file).map_err(|error| failed(Problem::Io("mapping it", error)))?;
        let bytes = mapping.len() as u64;
        let words = Words::within(mapping, HEADER_BYTES, words_for(slots))
            .filter(|_| bytes == file_bytes(slots))
            .ok_or_else(|| failed(Problem::Length(bytes)))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            _directory: directory,
            identity,
            words,
            slots,
            key: header.key,
            created_s: header.created_s,
            refuses_before_s: header.created_s,
            looked_s: AtomicU64::new(0),
            touched_s: AtomicU64::new(0),
            lost: AtomicBool::new(false),
        })
    }

    /// Accepts requests signed before the creation of the file, at the risk that one was accepted before.
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

    /// The number of slots.
    #[must_use]
    pub const fn slots(&self) -> usize {
        self.slots
    }

    /// The time of creation, in Unix seconds.
    #[must_use]
    pub const fn created_s(&self) -> u64 {
        self.created_s
    }

    /// Whether a new worker would open the same file; checked at most once a second.
    ///
    /// A file that was deleted, renamed or replaced still works for its holders, while a worker started later opens another one: a
    /// request would pass once in each. So the holders stop claiming, until they are restarted, even if the file comes back:
    /// another one may have been used meanwhile.
    fn is_intact(&self, now_s: u64) -> bool {
        if self.lost.load(Relaxed) {
            return false;
        }
        if self.looked_s.load(Relaxed) == now_s {
            return true;
        }
        let intact = match self.identity.is_at(&self.path, &self.file) {
            Ok(intact) => {
                self.lost.store(!intact, Relaxed);
                intact
            }
            Err(_unknown) => false, // checked again at the next claim
        };
        if intact {
            self.touch(now_s);
            self.looked_s.store(now_s, Relaxed);
        }
        intact
    }

    /// Claims write through the mapping, which does not change the file's times on tmpfs.
    fn touch(&self, now_s: u64) {
        let touched_s = self.touched_s.load(Relaxed);
        if now_s.abs_diff(touched_s) >= TOUCH_EVERY_S {
            self.touched_s.store(now_s, Relaxed);
            self.identity.touch(&self.path);
        }
    }
}

fn whole_buckets(slots: usize) -> usize {
    slots.max(1).next_multiple_of(8)
}

/// Holds a shared lock on the directory. Without one the table works as well, and its times are set once a minute.
fn lock_directory(directory: &Path) -> Option<File> {
    let directory = File::open(directory).ok()?;
    rustix::fs::flock(&directory, FlockOperation::NonBlockingLockShared).ok().map(|()| directory)
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

    /// Claims end when the file was deleted, replaced, renamed or cut under the running workers: restart them.
    #[inline]
    fn is_open(&self, now_s: u64) -> bool {
        self.is_intact(now_s)
    }
}
