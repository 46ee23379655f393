//! A replacement for the mapped table on systems without Unix file mapping: the same functions, which return an
//! error.

use super::error::{MappedError, Problem};
use sealwire_core::replay::{Table, TableBackend};
use std::path::{Path, PathBuf};

/// A replay table in a mapped file; none exists on this operating system.
#[derive(Debug)]
pub struct MappedTable(std::convert::Infallible);

/// The file for `service`, elsewhere.
///
/// # Errors
/// Always, here.
pub fn default_path(service: &str) -> Result<PathBuf, MappedError> {
    Err(MappedError::new(Path::new(service), Problem::Unsupported))
}

/// The name of a verifier's default table, elsewhere.
#[must_use]
pub fn default_name(service: &str, _senders: impl IntoIterator<Item = String>) -> String {
    service.to_owned()
}

impl MappedTable {
    /// Whether this operating system has mapped tables.
    pub const SUPPORTED: bool = false;

    /// Opens the default table, elsewhere.
    ///
    /// # Errors
    /// Always, here.
    pub fn open_default(name: &str, _slots: usize) -> Result<Self, MappedError> {
        Err(MappedError::new(Path::new(name), Problem::Unsupported))
    }

    /// Opens the table, elsewhere.
    ///
    /// # Errors
    /// Always, here.
    pub fn open(path: impl AsRef<Path>, _slots: usize) -> Result<Self, MappedError> {
        Err(MappedError::new(path.as_ref(), Problem::Unsupported))
    }

    /// Lets requests signed before the file existed pass.
    #[must_use]
    pub const fn accept_older(self) -> Self {
        self
    }

    /// The file.
    #[must_use]
    pub const fn path(&self) -> &Path {
        match self.0 {}
    }

    /// How many nonces it can hold.
    #[must_use]
    pub const fn slots(&self) -> usize {
        match self.0 {}
    }

    /// When the file was created, in seconds since the epoch.
    #[must_use]
    pub const fn created_s(&self) -> u64 {
        match self.0 {}
    }
}

impl TableBackend for MappedTable {
    fn table(&self) -> Option<Table<'_>> {
        match self.0 {}
    }
}
