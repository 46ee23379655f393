//! Why a file cannot serve as a replay table: which file, what is wrong with it, what to do.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file that was not opened as a replay table.
#[derive(Debug)]
pub struct MappedError {
    path: PathBuf,
    problem: Problem,
}

/// What is wrong with it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The operating system refused; the text says what was being done.
    Io(&'static str, io::Error),
    /// A symbolic link, directory, device or pipe.
    NotAFile,
    /// Not written by Sealwire, or not for this machine's byte order.
    NotATable,
    /// Written by a Sealwire with another layout, whose number is given.
    Version(u32),
    /// Made for another number of slots.
    Slots {
        /// As the file says.
        found: u64,
        /// As configured.
        wanted: u64,
    },
    /// Shorter or longer than its own header says, in bytes.
    Length(u64),
    /// Belongs to another user, whose id is given.
    Owner(u32),
    /// Others than its owner may read or write it; the mode is given.
    Mode(u32),
    /// No file name can be made of this service name.
    ServiceName,
    /// This operating system has no mapping that Sealwire supports.
    Unsupported,
}

impl MappedError {
    pub(super) fn new(path: &Path, problem: Problem) -> Self {
        Self { path: path.to_owned(), problem }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is wrong with it.
    #[must_use]
    pub const fn problem(&self) -> &Problem {
        &self.problem
    }
}

impl fmt::Display for MappedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "replay table {}: {}", self.path.display(), self.problem)
    }
}

const REPLACE: &str = "stop all workers that use it, delete it and start them again";

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(doing, error) => write!(f, "{doing} failed: {error}"),
            Self::NotAFile => {
                write!(f, "is a link, directory or device; name a plain file, or one still to be created")
            }
            Self::NotATable => write!(f, "holds something else than a replay table; name another file"),
            Self::Version(found) => {
                write!(f, "was written by another version of Sealwire (layout {found}); {REPLACE}")
            }
            Self::Slots { found, wanted } => {
                write!(f, "has {found} slots and {wanted} are configured; configure {found}, or {REPLACE}")
            }
            Self::Length(bytes) => {
                write!(f, "is damaged: {bytes} bytes are not what its header says; {REPLACE}")
            }
            Self::Owner(user) => write!(
                f,
                "belongs to user {user}, and whoever can write it can let requests pass twice; run as that user, or name another file"
            ),
            Self::Mode(mode) => write!(
                f,
                "is open to others (mode {:04o}); if nobody else can have touched it run `chmod 600` on it, else {REPLACE}",
                mode & 0o7777
            ),
            Self::ServiceName => {
                write!(
                    f,
                    "a service name for a file is 1 to 64 of A-Z a-z 0-9 . _ - and begins with none of `.` and `-`"
                )
            }
            Self::Unsupported => {
                write!(f, "mapped files work on Linux and macOS; use a heap table with one worker, or Redis")
            }
        }
    }
}

impl std::error::Error for MappedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(_, error) => Some(error),
            _ => None,
        }
    }
}
