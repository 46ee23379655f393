//! Key files, which list the versions of each key, the primary version, and the location of each secret.
//!
//! TOML, JSON and `.env` files have the same structure. This module reads and writes them without an
//! operating system. The bindings resolve references to secret stores with the clients of their languages.

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
    /// Pairs of services, named `agent/practices`. Their secrets are Base64.
    Pairs,
    /// Clients, named by client id. The text of a secret is used directly.
    Clients,
    /// The issuer of connection strings. The text of a secret is used directly.
    Issuer,
}

impl Section {
    /// Returns the name of the section in a file.
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
    /// The key sets, in the order of the file.
    pub entries: Vec<Entry>,
    /// Whether the file allows secrets with fewer than 32 bytes.
    pub allow_weak: bool,
    /// The table of a larger file that contains the issuer's keys.
    table: Option<String>,
}

/// A key set in a key file.
#[derive(Clone)]
pub struct Entry {
    /// The section of the key set.
    pub section: Section,
    /// The name of the key set, as in the file.
    pub name: String,
    /// The primary version, which signs.
    pub primary: u32,
    /// All versions, in the order of the file.
    pub versions: Vec<FileVersion>,
}

/// A version of a key set.
#[derive(Clone)]
pub struct FileVersion {
    /// The version number.
    pub number: u32,
    /// The secret, or a reference to it.
    pub secret: FileSecret,
    /// Whether surrounding spaces, quotes and line breaks are part of the secret.
    pub raw: bool,
    /// The Unix time in seconds by which the version should be removed.
    pub retire_after_s: Option<i64>,
}

/// A secret in a file.
#[derive(Clone)]
pub enum FileSecret {
    /// The secret itself.
    Text(Zeroizing<String>),
    /// A reference to a secret store.
    Reference(Reference),
}

/// A reference to a secret store: `{ vault = { path = "..", key = ".." } }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The type of store: `env`, `vault`, `google` or an application's own type.
    pub kind: String,
    /// The location of the secret in the store, as JSON.
    pub value: String,
}

impl Reference {
    /// The text of a field, for bindings whose language has no JSON reader. An empty field is the whole reference, if that is text.
    #[must_use]
    pub fn text(&self, field: &str) -> Option<String> {
        let value: serde_json::Value = serde_json::from_str(&self.value).ok()?;
        let found = if field.is_empty() { &value } else { value.get(field)? };
        found.as_str().map(ToOwned::to_owned)
    }
}

/// Options for reading a key file.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// The table with the issuer's keys in a larger file, such as `core.accountLifeCycle`.
    pub table: Option<&'o str>,
    /// The service that loads the file. Pairs of other services are skipped.
    pub service: Option<&'o str>,
}

/// Returns the variables of a `.env` file in order.
///
/// # Errors
/// [`ConfigError`] for a quoted value without an end.
pub fn variables_of(file: &str, text: &str) -> Result<Vec<(String, String)>, ConfigError> {
    let lines = dotenv::Dotenv::parse(file, text)?;
    Ok(lines.variables().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

impl KeyFile {
    /// Parses a key file. `file` is the name for error messages.
    ///
    /// # Errors
    /// [`ConfigError`] with the file or the entry, but never a secret.
    pub fn parse(file: &str, text: &str, format: Format, options: Options<'_>) -> Result<Self, ConfigError> {
        read::key_file(file, &parse(file, text, format)?, options)
    }

    /// Returns `true` if the file contains a secret.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        let mut versions = self.entries.iter().flat_map(|entry| &entry.versions);
        versions.any(|version| matches!(version.secret, FileSecret::Text(_)))
    }

    /// The planned retirement of versions: entry, version and Unix seconds.
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
    /// Returns the name of the entry for status reports and metrics. The services of a pair are sorted.
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
