//! Errors for files that cannot be used as a replay table. An error message contains the path, the problem
//! and a solution for it.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The error for a file that cannot be used as a replay table.
#[derive(Debug)]
pub struct MappedError {
    path: PathBuf,
    problem: Problem,
}

/// The reason why a file cannot be used as a replay table.
#[derive(Debug)]
#[non_exhaustive]
pub enum Problem {
    /// The operating system reported an error. The string describes the failed operation.
    Io(&'static str, io::Error),
    /// The path is a symbolic link, directory, device or pipe.
    NotAFile,
    /// The file was not created by Sealwire, or it was created on a machine with a different byte order.
    NotATable,
    /// The layout version of the file is not supported. The value is that version.
    Version(u32),
    /// The number of slots in the file differs from the configured number.
    Slots {
        /// The number of slots in the file.
        found: u64,
        /// The configured number of slots.
        wanted: u64,
    },
    /// The length of the file does not match its header. The value is the file length in bytes.
    Length(u64),
    /// The file is owned by another user. The value is the user id of the owner.
    Owner(u32),
    /// Users other than the owner can read or write the file. The value is the file mode.
    Mode(u32),
    /// The service name cannot be used as a file name.
    ServiceName,
    /// The path is not a directory.
    NotADirectory,
    /// None of the default directories can be used.
    NoDirectory(Vec<Unusable>),
    /// Mapped files are not supported on this operating system.
    Unsupported,
}

/// A candidate for the default directory that cannot be used.
#[derive(Debug)]
pub struct Unusable {
    /// The path of the directory.
    pub directory: PathBuf,
    /// The reason why the directory cannot be used.
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

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the reason why the file cannot be used.
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
                write!(f, "is a link, directory or device; choose a regular file or a new path")
            }
            Self::NotATable => write!(f, "is not a replay table; choose another file"),
            Self::Version(found) => {
                write!(f, "was written by another version of Sealwire (layout {found}); {REPLACE}")
            }
            Self::Slots { found, wanted } => {
                write!(f, "has {found} slots and {wanted} are configured; configure {found}, or {REPLACE}")
            }
            Self::Length(bytes) => {
                write!(f, "is damaged: its size of {bytes} bytes does not match its header; {REPLACE}")
            }
            Self::Owner(user) => write!(
                f,
                "belongs to user {user}, who can make requests be accepted twice; run as that user, or choose another file"
            ),
            Self::Mode(mode) => write!(
                f,
                "is accessible to other users (mode {:04o}); if no other user can have changed it, run `chmod 600` on it, otherwise {REPLACE}",
                mode & 0o7777
            ),
            Self::ServiceName => {
                write!(
                    f,
                    "a service name for a file is 1 to 64 of A-Z a-z 0-9 . _ - and begins with none of `.` and `-`"
                )
            }
            Self::NotADirectory => write!(f, "is not a directory; remove it, or choose another path"),
            Self::NoDirectory(unusable) => {
                let tried = unusable.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                write!(
                    f,
                    "no directory is usable ({tried}); set RUNTIME_DIRECTORY to a directory of this user, or choose a path, \
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
