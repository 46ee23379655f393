//! Key files: which versions a key has, which one signs, and where each secret is kept.
//!
//! The format is the same for TOML, JSON and `.env`. This module reads and writes it without an operating system; the bindings resolve the
//! references with the clients of their languages.

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

/// The owner of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Two services, named `agent/practices`. The text of their secrets is base64.
    Pairs,
    /// A client id. The text of its secrets is the secret.
    Clients,
    /// The issuer of connection strings. The text of its secrets is the secret.
    Issuer,
}

impl Section {
    /// The name of the section in a file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pairs => "pairs",
            Self::Clients => "clients",
            Self::Issuer => "issuer",
        }
    }
}

/// A key file as read: nothing is resolved yet.
#[derive(Clone)]
pub struct KeyFile {
    file: String,
    /// The key sets, in the order of the file.
    pub entries: Vec<Entry>,
    /// Whether the file accepts secrets under 32 bytes.
    pub allow_weak: bool,
}

/// One key set.
#[derive(Clone)]
pub struct Entry {
    /// The section of the file.
    pub section: Section,
    /// Its name as the file has it.
    pub name: String,
    /// The version that signs.
    pub primary: u32,
    /// All versions, in the order of the file.
    pub versions: Vec<FileVersion>,
}

/// One version of a key set.
#[derive(Clone)]
pub struct FileVersion {
    /// Its number.
    pub number: u32,
    /// Its secret, or where that is kept.
    pub secret: FileSecret,
    /// Whether spaces, quotes or line breaks around a secret belong to it.
    pub raw: bool,
    /// By when it was to be retired, Unix seconds.
    pub retire_after_s: Option<i64>,
}

/// A secret in a file.
#[derive(Clone)]
pub enum FileSecret {
    /// The secret itself.
    Text(Zeroizing<String>),
    /// Where it is kept.
    Reference(Reference),
}

/// Where a secret is kept: `{ vault = { path = "..", key = ".." } }`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reference {
    /// The kind of store: `env`, `vault`, `google` or one of the application's own.
    pub kind: String,
    /// The place of the secret in the store, as JSON.
    pub value: String,
}

/// The parts of a file to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options<'o> {
    /// The table that holds the issuer's keys in a larger file, such as `core.accountLifeCycle`.
    pub table: Option<&'o str>,
    /// The service that loads the file: pairs of other services are left out.
    pub service: Option<&'o str>,
}

/// The variables of a `.env` file, in the order of the file.
///
/// # Errors
/// [`ConfigError`] for a quoted value that does not end.
pub fn variables_of(file: &str, text: &str) -> Result<Vec<(String, String)>, ConfigError> {
    let lines = dotenv::Dotenv::parse(file, text)?;
    Ok(lines.variables().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
}

impl KeyFile {
    /// Reads the text of a key file. `file` names it in errors.
    ///
    /// # Errors
    /// [`ConfigError`] names the file or the entry, never a secret.
    pub fn parse(file: &str, text: &str, format: Format, options: Options<'_>) -> Result<Self, ConfigError> {
        read::key_file(file, &parse(file, text, format)?, options)
    }

    /// Whether a secret is written in the file itself.
    #[must_use]
    pub fn holds_secrets(&self) -> bool {
        let mut versions = self.entries.iter().flat_map(|entry| &entry.versions);
        versions.any(|version| matches!(version.secret, FileSecret::Text(_)))
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
    /// The entry as status reports and metrics name it: the services of a pair are sorted.
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
