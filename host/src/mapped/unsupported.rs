//! A stub for mapped tables on operating systems other than Unix. All functions return an error.

use super::error::{MappedError, Problem};
use sealwire_core::replay::{Table, TableBackend};
use std::path::{Path, PathBuf};

/// A replay table in a mapped file. It cannot be created on this operating system.
#[derive(Debug)]
pub struct MappedTable(std::convert::Infallible);

/// Fails, because mapped tables are not supported on this operating system.
///
/// # Errors
/// Always [`MappedError`].
pub fn default_path(service: &str) -> Result<PathBuf, MappedError> {
    Err(MappedError::new(Path::new(service), Problem::Unsupported))
}

/// Returns the name of a verifier's default table.
#[must_use]
pub fn default_name(service: &str, _senders: impl IntoIterator<Item = String>) -> String {
    service.to_owned()
}

impl MappedTable {
    /// Fails, because mapped tables are not supported on this operating system.
    ///
    /// # Errors
    /// Always [`MappedError`].
    pub fn open_default(name: &str, _slots: usize) -> Result<Self, MappedError> {
        Err(MappedError::new(Path::new(name), Problem::Unsupported))
    }

    /// Fails, because mapped tables are not supported on this operating system.
    ///
    /// # Errors
    /// Always [`MappedError`].
    pub fn open(path: impl AsRef<Path>, _slots: usize) -> Result<Self, MappedError> {
        Err(MappedError::new(path.as_ref(), Problem::Unsupported))
    }

    /// Accepts requests that were signed before the file was created.
    #[must_use]
    pub const fn accept_older(self) -> Self {
        self
    }

    /// Returns the path of the file.
    #[must_use]
    pub const fn path(&self) -> &Path {
        match self.0 {}
    }

    /// Returns the number of slots.
    #[must_use]
    pub const fn slots(&self) -> usize {
        match self.0 {}
    }

    /// Returns the creation time in Unix seconds.
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
