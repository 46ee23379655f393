//! Metadata of key files and mode files.

use std::fmt;
use std::fs::Metadata;
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

/// The metadata of a file that change when the file is written or replaced: the modification time, the inode
/// and the length in bytes. Symbolic links are followed, because Kubernetes updates a file by replacing a
/// link. Editors and `sealwire keys` replace the file itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileState {
    modified: Option<SystemTime>,
    inode: u64,
    bytes: u64,
}

impl FileState {
    /// Returns the state of a file, or `None` if the file cannot be accessed.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let found = std::fs::metadata(path).ok()?;
        Some(Self { modified: found.modified().ok(), inode: inode(&found), bytes: found.len() })
    }
}

impl fmt::Display for FileState {
    /// Writes all metadata, so different states are written differently.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = self.modified.and_then(|time| time.duration_since(UNIX_EPOCH).ok());
        write!(f, "{:?} {} {}", since.map(|since| since.as_nanos()), self.inode, self.bytes)
    }
}

#[cfg(unix)]
fn inode(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(found)
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}

/// Returns `true` if users other than the owner have any permission for the file. Always returns `false` on
/// systems without permission bits.
#[must_use]
pub fn is_open_to_others(path: &Path) -> bool {
    #[cfg(unix)]
    let mode = std::fs::metadata(path).map_or(0, |found| std::os::unix::fs::MetadataExt::mode(&found));
    #[cfg(not(unix))]
    let mode = {
        let _ = path;
        0
    };
    mode & 0o077 != 0
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::fs::{File, FileTimes};
    use std::time::{Duration, SystemTime};

    use super::FileState;

    #[test]
    fn a_state_changes_when_a_file_is_written_or_replaced() {
        let directory = tempfile::tempdir().expect("a directory");
        let (path, aside) = (directory.path().join("keys"), directory.path().join("aside"));
        assert_eq!(FileState::of(&path), None);
        let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000);
        let write = |path, text: &str, time| {
            std::fs::write(path, text).expect("written");
            let file = File::options().write(true).open(path).expect("opened");
            file.set_times(FileTimes::new().set_modified(time)).expect("times");
        };
        let state = || FileState::of(&path).expect("a state");
        write(&path, "one", noon);
        let mut before = state();
        assert_eq!(state(), before);
        let mut differs = |what| {
            assert_ne!(state(), before, "{what}");
            assert_ne!(state().to_string(), before.to_string(), "{what}");
            before = state();
        };
        write(&path, "one", noon + Duration::from_nanos(100));
        differs("modification time");
        write(&path, "three", noon + Duration::from_nanos(100));
        differs("length");
        write(&aside, "three", noon + Duration::from_nanos(100));
        std::fs::rename(&aside, &path).expect("replaced");
        if cfg!(unix) {
            differs("inode");
        }
    }
}
