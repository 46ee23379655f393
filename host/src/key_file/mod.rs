//! Key files. A key file lists the versions of each key, its primary version, and its secrets or references
//! to secrets.
//!
//! The formats are TOML, JSON and `.env`. This module parses and edits text and does not access the file
//! system. The bindings resolve references with the secret store clients of their languages.

mod date;
mod document;
mod dotenv;
mod edit;
mod format;
mod generate;
mod read;
mod ring;
mod text;
mod tree;
mod variables;

pub use document::{Document, NewSecret};
pub use format::Format;
pub use generate::{NewEntry, generate};
pub use ring::{Lookup, Resolved};

pub(crate) use crate::config_error::error;
#[cfg(feature = "explain")]
pub(crate) use date::seconds as seconds_of_date;
pub(crate) use edit::Editable;
pub(crate) use format::{Contents, parse};
pub(crate) use read::{SECTIONS, refuse_unknown};
pub(crate) use tree::Tree;

use zeroize::Zeroizing;

use crate::ConfigError;

pub(crate) const PRIMARY: &str = "hmacPrimaryVersion";
pub(crate) const VERSIONS: &str = "hmacSecrets";
pub(crate) const VERSION: &str = "version";
pub(crate) const SECRET: &str = "secret";
pub(crate) const RAW: &str = "raw";
pub(crate) const RETIRE_AFTER: &str = "retireAfter";

/// The section of a key in a key file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Pairs of services with names such as `agent/practices`. The secrets are Base64-encoded.
    Pairs,
    /// Clients, which are named by their client ids. The UTF-8 text of a secret is the key.
    Clients,
    /// The issuer of connection strings. The UTF-8 text of a secret is the key.
    Issuer,
}

impl Section {
    /// Returns the name of the section in a key file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Clients => "clients",
            Self::Issuer => "issuer",
        }
    }
}

/// The contents of a key file. References are not resolved.
#[derive(Clone)]
pub struct KeyFile {
    file: String,
    /// The key sets in the order of the file.
    pub entries: Vec<Entry>,
    /// Whether the file allows secrets that are shorter than 32 bytes.
    pub allow_weak: bool,
    /// The name of the table with the issuer's keys, if they are part of a larger file.
    table: Option<String>,
}

/// A key set in a key file.
#[derive(Clone)]
pub struct Entry {
    /// The section that contains the key set.
    pub section: Section,
    /// The name of the key set, as in the file.
    pub name: String,
    /// The number of the primary version, which is used for signing.
    pub primary: u32,
    /// All versions in the order of the file.
    pub versions: Vec<FileVersion>,
}

/// A version of a key set.
#[derive(Clone)]
pub struct FileVersion {
    /// The version number.
    pub number: u32,
    /// The secret, or a reference to it.
    pub secret: FileSecret,
    /// Whether whitespace and quotes around a secret are part of it. Otherwise such a secret of a client or
    /// the issuer is rejected.
    pub raw: bool,
    /// The Unix time in seconds by which the version should be removed.
    pub retire_after_s: Option<i64>,
}

/// A secret in a file.
#[derive(Clone)]
pub enum FileSecret {
    /// The secret as text.
    Text(Zeroizing<String>),
    /// A reference to a secret in a secret store.
    Reference(Reference),
}

/// A reference to a secret in a secret store, such as `{ vault = { path = "..", key = ".." } }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The type of the secret store: `env`, `vault`, `google` or a type that the application defines.
    pub kind: String,
    /// The location of the secret in the store, as JSON.
    pub value: String,
}

impl Reference {
    /// Returns the text of a field of the reference, for bindings in languages without a JSON parser. If
    /// `field` is empty, returns the complete reference if it is a string.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<String> {
        let value: serde_json::Value = serde_json::from_str(&self.value).ok()?;
        let found = if field.is_empty() { &value } else { value.get(field)? };
        found.as_str().map(ToOwned::to_owned)
    }
}

/// Options for parsing a key file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// The table of a larger file that contains the issuer's keys, such as `core.accountLifeCycle`.
    pub table: Option<&'o str>,
    /// The name of the service that loads the file. Pairs that do not contain this service are skipped.
    pub service: Option<&'o str>,
}

/// Returns the variables of a `.env` file in the order of the file.
///
/// # Errors
/// [`ConfigError`] if a quoted value is not closed.
pub fn variables_of(file: &str, text: &str) -> Result<Vec<(String, String)>, ConfigError> {
    let lines = dotenv::Dotenv::parse(file, text)?;
    Ok(lines.variables().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

impl KeyFile {
    /// Parses a key file. `file` is the file name that error messages contain.
    ///
    /// # Errors
    /// [`ConfigError`] with the name of the file or of the invalid entry. The error never contains a secret.
    pub fn parse(file: &str, text: &str, format: Format, options: Options<'_>) -> Result<Self, ConfigError> {
        read::key_file(file, &parse(file, text, format)?, options)
    }

    /// Returns `true` if the file contains at least one secret as text.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        let mut versions = self.entries.iter().flat_map(|entry| &entry.versions);
        versions.any(|version| matches!(version.secret, FileSecret::Text(_)))
    }

    /// Returns the dates by which versions should be removed, as entry name, version number and Unix seconds.
    #[must_use]
    pub fn retire_dates(&self) -> Vec<(String, u32, i64)> {
        let versions =
            self.entries.iter().flat_map(|entry| entry.versions.iter().map(move |each| (entry, each)));
        let dates =
            versions.filter_map(|(entry, each)| Some((entry.label(), each.number, each.retire_after_s?)));
        dates.collect()
    }
}

impl core::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KeyFile({}, {} entries)", self.file, self.entries.len())
    }
}

impl core::fmt::Debug for Entry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Entry({}, {} versions)", self.label(), self.versions.len())
    }
}

impl core::fmt::Debug for FileVersion {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "FileVersion({}, ..)", self.number)
    }
}

impl core::fmt::Debug for FileSecret {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Text(_) => f.write_str("Text(..)"),
            Self::Reference(reference) => write!(f, "Reference({})", reference.kind),
        }
    }
}

impl Entry {
    /// Returns the name of the entry for status reports and metrics. The two services of a pair are sorted.
    #[must_use]
    pub fn label(&self) -> String {
        label(self.section, &self.name)
    }
}

pub(crate) fn label(section: Section, name: &str) -> String {
    if section != Section::Pairs {
        return crate::redact::shown(name);
    }
    let mut services: Vec<_> = name.split('/').collect();
    services.sort_unstable();
    crate::redact::shown(&services.join("/"))
}
