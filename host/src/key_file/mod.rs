//! Key files. For each key, a key file contains its versions, the number of its primary version, and the
//! secrets or references to them.
//!
//! The supported formats are TOML, JSON and `.env`. This module parses and edits text, and does not access
//! the file system. References are resolved by the bindings, with the secret-store clients of their
//! languages.

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
    /// Pairs of services, with names such as `agent/practices`. Their secrets are Base64-encoded.
    Pairs,
    /// Clients, with their client ids as names. The key consists of the UTF-8 bytes of the secret.
    Clients,
    /// The issuer of connection strings. The key consists of the UTF-8 bytes of the secret.
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

/// The contents of a key file, with unresolved references.
#[derive(Clone)]
pub struct KeyFile {
    file: String,
    /// The key sets, in file order.
    pub entries: Vec<Entry>,
    /// Whether the file allows secrets shorter than 32 bytes.
    pub allow_weak: bool,
    /// The name of the table that contains the issuer's keys, if they are part of a larger configuration
    /// file.
    table: Option<String>,
}

/// A key set in a key file.
#[derive(Clone)]
pub struct Entry {
    /// The section that contains the key set.
    pub section: Section,
    /// The name of the key set, as written in the file.
    pub name: String,
    /// The number of the primary version, which is the version used for signing.
    pub primary: u32,
    /// All versions, in file order.
    pub versions: Vec<FileVersion>,
}

/// A version of a key set.
#[derive(Clone)]
pub struct FileVersion {
    /// The version number.
    pub number: u32,
    /// The secret, or a reference to the secret.
    pub secret: FileSecret,
    /// Whether whitespace and quotes around the secret are part of the secret. If `false`, a secret of a
    /// client or issuer with surrounding whitespace or quotes is rejected.
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
    /// The type of the secret store: `env`, `vault`, `google` or a type defined by the application.
    pub kind: String,
    /// The location of the secret in the store, as JSON.
    pub value: String,
}

impl Reference {
    /// Returns a text field of the reference, for bindings in languages without a JSON parser. If `field` is
    /// empty and the reference is a single string, returns that string.
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
    /// The name of the table that contains the issuer's keys in a larger configuration file, such as
    /// `core.accountLifeCycle`.
    pub table: Option<&'o str>,
    /// The name of the service that loads the file. Pairs without this service are skipped.
    pub service: Option<&'o str>,
}

/// Returns the variables of a `.env` file, in file order.
///
/// # Errors
/// [`ConfigError`] if a quoted value is not closed.
pub fn variables_of(file: &str, text: &str) -> Result<Vec<(String, String)>, ConfigError> {
    let lines = dotenv::Dotenv::parse(file, text)?;
    Ok(lines.variables().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

impl KeyFile {
    /// Parses a key file. `file` is the file name used in error messages.
    ///
    /// # Errors
    /// [`ConfigError`] with the file name or the name of the invalid entry. The error never contains a
    /// secret.
    pub fn parse(file: &str, text: &str, format: Format, options: Options<'_>) -> Result<Self, ConfigError> {
        read::key_file(file, &parse(file, text, format)?, options)
    }

    /// Returns `true` if the file contains a secret, and not only references.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        let mut versions = self.entries.iter().flat_map(|entry| &entry.versions);
        versions.any(|version| matches!(version.secret, FileSecret::Text(_)))
    }

    /// Returns the dates by which versions should be removed. Each item consists of the entry name, the
    /// version number and the date in Unix seconds.
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
    /// Returns the name of the entry for status reports and metrics. The two services of a pair are in
    /// alphabetical order.
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
