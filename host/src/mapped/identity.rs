//! The identity of an opened file: device and inode. The inode is not reused while the file is mapped.

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// The device, inode and length of an opened file.
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

    /// Returns `true` if `path` refers to this file with its original length. If the process may no longer
    /// access the directory because it dropped its privileges, `file` is checked instead. In this case other
    /// unprivileged users cannot replace the file either.
    ///
    /// # Errors
    /// The error of the operating system if it cannot be determined.
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

    /// Sets the times of the file at `path` to the current time. Errors are ignored, because only cleaners of
    /// temporary files use the times.
    pub(super) fn touch(self, path: &Path) {
        const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let now = Timestamps { last_access: NOW, last_modification: NOW };
        let _ignored = rustix::fs::utimensat(CWD, path, &now, AtFlags::SYMLINK_NOFOLLOW);
    }
}
