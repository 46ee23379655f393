//! A replay table in a mapped file.

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

/// The interval in seconds at which the timestamps of the file are updated. Cleaners of temporary files do
/// not remove files with recent timestamps.
const TOUCH_EVERY_S: u64 = 60;

/// A replay table in a mapped file. It is shared by all processes of a user on one machine, and its contents
/// survive restarts.
///
/// Claiming a nonce does not require a lock, so the table stays consistent if a process is killed. A
/// `MappedTable` can be used by many threads and by forked child processes.
///
/// Each `MappedTable` keeps a shared `flock` lock on its file, so [`MappedTable::open_default`] never
/// replaces a file that is in use.
pub struct MappedTable {
    path: PathBuf,
    file: File,
    /// The default directory, which is locked because systemd-tmpfiles does not clean locked directories.
    _directory: Option<File>,
    identity: FileIdentity,
    words: Words,
    slots: usize,
    key: [u8; 16],
    created_s: u64,
    refuses_before_s: u64,
    /// The Unix time in seconds of the last check of the file.
    looked_s: AtomicU64,
    /// The Unix time in seconds of the last update of the file's timestamps.
    touched_s: AtomicU64,
    /// Whether a check found that the file was missing or replaced. If so, no more nonces can be claimed.
    lost: AtomicBool,
}

impl MappedTable {
    /// Opens the table in the file `path`. If the file does not exist, creates it with `slots` slots, rounded
    /// up to a multiple of 8. The directory must exist. Use [`slots_for`](sealwire_core::replay::slots_for)
    /// to calculate the number of slots.
    ///
    /// A new table does not contain the nonces of earlier requests. A verifier therefore rejects requests
    /// that were signed before the table was created. See [`MappedTable::accept_older`].
    ///
    /// # Errors
    /// [`MappedError`] with the path, the problem and a solution.
    pub fn open(path: impl AsRef<Path>, slots: usize) -> Result<Self, MappedError> {
        Self::open_sized(path.as_ref(), Size::Exactly(whole_buckets(slots)), None)
    }

    /// Opens the default table `name`, or creates it if it does not exist. See
    /// [`default_name`](super::default_name) and [`default_path`].
    ///
    /// An existing table may have more slots than requested. A table with fewer slots or with another layout
    /// version is replaced if no process uses it.
    ///
    /// # Errors
    /// The same errors as for [`MappedTable::open`], and [`Problem::NoDirectory`] if none of the default
    /// directories can be used.
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

    /// Accepts requests that were signed before the file was created. Requests that were accepted before that
    /// time can then be replayed.
    #[must_use]
    pub const fn accept_older(mut self) -> Self {
        self.refuses_before_s = 0;
        self
    }

    /// Returns the path of the replay file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the number of slots.
    #[must_use]
    pub const fn slots(&self) -> usize {
        self.slots
    }

    /// Returns the creation time of the file in Unix seconds.
    #[must_use]
    pub const fn created_s(&self) -> u64 {
        self.created_s
    }

    /// Returns `true` if a new worker would open the same file. The file is checked at most once per second.
    ///
    /// If the file was deleted, renamed or replaced, new workers open another file, and a request could be
    /// accepted once per file. The current workers therefore reject all claims until they are restarted, even
    /// if the file is restored.
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
            Err(_unknown) => false, // the next claim checks the file again
        };
        if intact {
            self.touch(now_s);
            self.looked_s.store(now_s, Relaxed);
        }
        intact
    }

    /// Updates the timestamps of the file. On tmpfs, they do not change when a process writes to the mapping.
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

/// Acquires a shared lock on the directory. If this fails, the table can still be used, because the
/// timestamps of the file are also updated every minute.
fn lock_directory(directory: &Path) -> Option<File> {
    let directory = File::open(directory).ok()?;
    rustix::fs::flock(&directory, FlockOperation::NonBlockingLockShared).ok().map(|()| directory)
}

impl std::fmt::Debug for MappedTable {
    /// Writes the path and the number of slots, but not the secret key.
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

    /// Returns `false` if the file was deleted, replaced, renamed or truncated. The workers must then be
    /// restarted.
    #[inline]
    fn is_open(&self, now_s: u64) -> bool {
        self.is_intact(now_s)
    }
}
