//! The identity of an open file, which consists of its device and inode. The inode is not reused while the
//! file is mapped.

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps, UTIME_NOW};
use std::fs::{File, Metadata};
use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// The device, the inode and the length of an open file.
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
    /// dropped its privileges may have no access to the directory. It then checks `file` instead, because
    /// other unprivileged users cannot replace the file either.
    ///
    /// # Errors
    /// The error of the operating system if the file cannot be examined.
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
    /// the times only prevent the removal of the file by cleaners of temporary files.
    pub(super) fn touch(self, path: &Path) {
        const NOW: Timespec = Timespec { tv_sec: 0, tv_nsec: UTIME_NOW };
        let now = Timestamps { last_access: NOW, last_modification: NOW };
        let _ignored = rustix::fs::utimensat(CWD, path, &now, AtFlags::SYMLINK_NOFOLLOW);
    }
}
