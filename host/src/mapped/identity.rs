//! Which file it is: device and inode, which the mapping keeps from being given to another file.

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// Device, inode and length of an opened file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FileIdentity {
    device: u64,
    inode: u64,
    bytes: u64,
}

impl FileIdentity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self { device: metadata.dev(), inode: metadata.ino(), bytes: metadata.len() }
    }

    /// Whether `path` leads to this file, whole. `file` is the opened one, asked only where a process that gave up its
    /// privileges may no longer look into the directory: nobody without them can exchange the file there.
    ///
    /// # Errors
    /// Where the system cannot say.
    pub(super) fn is_at(self, path: &Path, file: &File) -> io::Result<bool> {
        match path.symlink_metadata() {
            Ok(metadata) => Ok(Self::of(&metadata) == self),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(false),
                ErrorKind::PermissionDenied => {
                    let metadata = file.metadata()?;
                    Ok(Self::of(&metadata) == self && metadata.nlink() > 0)
                }
                _ => Err(error),
            },
        }
    }

    /// Sets the times of the file at `path` to now. A failure is no reason to reject requests: only file cleaners read the times.
    pub(super) fn touch(self, path: &Path) {
        const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let now = Timestamps { last_access: NOW, last_modification: NOW };
        let _ignored = rustix::fs::utimensat(CWD, path, &now, AtFlags::SYMLINK_NOFOLLOW);
    }
}
