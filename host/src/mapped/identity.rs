//! The identity of an open file: its device and inode number. The inode number is not reused while the file
//! is mapped.

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// The device, inode number and length of an open file.
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

    /// Returns `true` if `path` refers to this file and the file has its original length. A process that
    /// dropped its privileges may have no access to the directory. In that case `file` is examined instead,
    /// because other unprivileged users cannot replace the file in that directory either.
    ///
    /// # Errors
    /// The operating system's error if the file cannot be examined.
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

    /// Sets the access and modification times of the file to the current time. Errors are ignored, because
    /// the times only keep cleaners of temporary files from removing the file.
    pub(super) fn touch(self, path: &Path) {
        const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let now = Timestamps { last_access: NOW, last_modification: NOW };
        let _ignored = rustix::fs::utimensat(CWD, path, &now, AtFlags::SYMLINK_NOFOLLOW);
    }
}
