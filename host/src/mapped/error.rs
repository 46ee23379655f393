//! The reason why a file cannot be used as a replay table: the file, the problem and the remedy.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// A file that was not opened as a replay table.
#[derive(Debug)]
pub struct MappedError {
    path: PathBuf,
    problem: Problem,
}

/// The problem.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The operating system failed; the text names the operation.
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
    /// Not a directory, where one is needed.
    NotADirectory,
    /// None of the default directories can be used.
    NoDirectory(Vec<Unusable>),
    /// This operating system has no mapping that Sealwire supports.
    Unsupported,
}

/// A default directory that cannot be used.
#[derive(Debug)]
pub struct Unusable {
    /// The directory.
    pub directory: PathBuf,
    /// The problem.
    pub problem: Box<Problem>,
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { directory, problem } = self;
        write!(f, "{}: ", directory.display())?;
        match &**problem {
            Problem::Owner(user) => write!(f, "belongs to user {user}"),
            Problem::Mode(mode) => write!(f, "others can write it (mode {:04o})", mode & 0o7777),
            other => write!(f, "{other}"),
        }
    }
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

    /// The problem.
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
            Self::NotATable => write!(f, "is not a replay table; name another file"),
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
                "belongs to user {user}, who can make requests be accepted twice; run as that user, or name another file"
            ),
            Self::Mode(mode) => write!(
                f,
                "is open to others (mode {:04o}); if no other user can have changed it, run `chmod 600` on it, otherwise {REPLACE}",
                mode & 0o7777
            ),
            Self::ServiceName => {
                write!(
                    f,
                    "a service name for a file is 1 to 64 of A-Z a-z 0-9 . _ - and begins with none of `.` and `-`"
                )
            }
            Self::NotADirectory => write!(f, "is not a directory; remove it, or name another path"),
            Self::NoDirectory(unusable) => {
                let tried = unusable.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                write!(
                    f,
                    "no directory can hold it ({tried}); set RUNTIME_DIRECTORY to a directory of this user, or name a file, \
                     or choose replay=\"heap\" for a service of one process, or a Redis store"
                )
            }
            Self::Unsupported => {
                write!(
                    f,
                    "mapped files work on Linux and macOS; use replay=\"heap\" with one process, or a Redis store"
                )
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
