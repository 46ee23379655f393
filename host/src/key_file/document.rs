//! Edits key files: adds, promotes and removes versions. The rest of the file is preserved.

use zeroize::Zeroizing;

use sealwire_core::keys::KeyRing;

use crate::ConfigError;
use crate::config_error::error;
use crate::key_file::dotenv::Dotenv;
use crate::key_file::tree::Tree;
use crate::key_file::{
    Editable, Entry, FileSecret, Format, KeyFile, Options, PRIMARY, RETIRE_AFTER, Reference, SECRET, Section,
    VERSION, VERSIONS, variables,
};
use crate::redact::shown;

/// A key file that can be edited.
pub struct Document {
    file: String,
    format: Format,
    table: Option<String>,
    source: Source,
    read: KeyFile,
}

enum Source {
    Table(Editable),
    Variables(Dotenv),
}

impl core::fmt::Debug for Document {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Document({}, ..)", self.file)
    }
}

/// The secret of a new version, or a reference to the secret.
#[derive(Clone, Copy, Debug)]
pub enum NewSecret<'s> {
    /// The secret as text.
    Text(&'s str),
    /// A reference to a secret in a secret store.
    Reference(&'s Reference),
}

impl Document {
    /// Parses a key file. If the issuer's keys are part of a larger configuration file, `table` is the name
    /// of the table that contains them.
    ///
    /// # Errors
    /// [`ConfigError`] with the file name or the name of the invalid entry.
    pub fn open(file: &str, text: &str, format: Format, table: Option<&str>) -> Result<Self, ConfigError> {
        let read = KeyFile::parse(file, text, format, Options { table, service: None })?;
        let source = match format {
            Format::Dotenv => Source::Variables(Dotenv::parse(file, text)?),
            Format::Toml | Format::Json => Source::Table(Editable::open(file, text, format)?.0),
        };
        Ok(Self { file: file.into(), format, table: table.map(Into::into), source, read })
    }

    /// Returns the parsed contents of the file, including all changes so far.
    #[must_use]
    pub const fn read(&self) -> &KeyFile {
        &self.read
    }

    /// Returns the entry with this name. The two services of a pair can be given in either order.
    ///
    /// # Errors
    /// [`ConfigError`] if there is no entry with this name. The error message lists the names of all entries.
    pub fn entry(&self, name: &str) -> Result<&Entry, ConfigError> {
        self.read.entries.iter().find(|entry| is_named(entry, name)).ok_or_else(|| {
            let names: Vec<_> = self.read.entries.iter().map(Entry::label).collect();
            error(&self.file, &format!("no entry {}; there are {}", shown(name), names.join(", ")))
        })
    }

    /// Adds a version to an entry. The primary version stays the same.
    ///
    /// # Errors
    /// [`ConfigError`] if there is no entry with this name, or if the file format cannot represent the
    /// secret.
    pub fn add(&mut self, name: &str, version: u32, secret: NewSecret<'_>) -> Result<(), ConfigError> {
        let entry = self.entry(name)?.clone();
        match &mut self.source {
            Source::Table(file) => {
                let path = path(&entry, self.table.as_deref());
                let item = [(VERSION, Tree::Integer(version.into())), (SECRET, tree_of(secret)?)];
                file.push(&borrowed(&path), VERSIONS, &item);
            }
            Source::Variables(lines) => {
                let NewSecret::Text(text) = secret else {
                    let advice = "a .env file contains secrets, not references; use a TOML or JSON key file";
                    return Err(error(&self.file, advice));
                };
                let pair = pair_of(&entry);
                let last = variables::versions(lines, &pair).pop().map(|(_, variable)| variable);
                lines.set(&variable_of(lines, &pair, version), text, last.as_deref());
            }
        }
        self.reread()
    }

    /// Makes a version the primary version. `retire_after` is the date by which the other versions should be
    /// removed, such as `2030-01-31`.
    ///
    /// # Errors
    /// [`ConfigError`] if the entry or version does not exist, or if the file format cannot represent the
    /// date.
    pub fn promote(
        &mut self,
        name: &str,
        version: u32,
        retire_after: Option<&str>,
    ) -> Result<(), ConfigError> {
        let entry = self.with_version(name, version)?.clone();
        match &mut self.source {
            Source::Table(file) => {
                let path = path(&entry, self.table.as_deref());
                let path = borrowed(&path);
                file.set(&path, PRIMARY, &Tree::Integer(version.into()));
                let date = retire_after.map(|date| Tree::Date(date.into()));
                for (place, each) in entry.versions.iter().enumerate() {
                    if each.number == version {
                        file.set_in_item(&path, VERSIONS, place, RETIRE_AFTER, None);
                    } else if date.is_some() {
                        file.set_in_item(&path, VERSIONS, place, RETIRE_AFTER, date.as_ref());
                    }
                }
            }
            Source::Variables(_) if retire_after.is_some() => {
                let advice =
                    "a .env file cannot contain dates; omit --retire-after, or use a TOML or JSON key file";
                return Err(error(&self.file, advice));
            }
            Source::Variables(lines) => {
                let pair = pair_of(&entry);
                let last = variables::versions(lines, &pair).pop().map(|(_, variable)| variable);
                lines.set(&variables::primary_variable(&pair), &version.to_string(), last.as_deref());
            }
        }
        self.reread()
    }

    /// Removes a version from an entry.
    ///
    /// # Errors
    /// [`ConfigError`] if the entry or version does not exist, or if the version is the primary version.
    pub fn remove(&mut self, name: &str, version: u32) -> Result<(), ConfigError> {
        let entry = self.with_version(name, version)?.clone();
        if entry.primary == version {
            let advice = format!("version {version} signs; promote another version first");
            return Err(error(&entry.label(), &advice));
        }
        match &mut self.source {
            Source::Table(file) => {
                let path = path(&entry, self.table.as_deref());
                let place = entry.versions.iter().position(|each| each.number == version).unwrap_or_default();
                file.remove_item(&borrowed(&path), VERSIONS, place);
            }
            Source::Variables(lines) => {
                let pair = pair_of(&entry);
                let gone =
                    variables::versions(lines, &pair).into_iter().filter(|(number, _)| *number == version);
                for (_, variable) in gone {
                    lines.remove(&variable);
                }
            }
        }
        self.reread()
    }

    /// Returns the text of the edited file.
    #[must_use]
    pub fn text(&self) -> Zeroizing<String> {
        match &self.source {
            Source::Table(file) => file.text(),
            Source::Variables(lines) => lines.text(),
        }
    }

    /// Validates the file without resolving references.
    ///
    /// # Errors
    /// The same errors as for [`KeyFile::check`].
    pub fn check(&self, allow_weak: bool) -> Result<KeyRing, ConfigError> {
        self.read.check(allow_weak)
    }

    fn with_version(&self, name: &str, version: u32) -> Result<&Entry, ConfigError> {
        let entry = self.entry(name)?;
        if entry.versions.iter().any(|each| each.number == version) {
            return Ok(entry);
        }
        let there: Vec<_> = entry.versions.iter().map(|each| each.number.to_string()).collect();
        Err(error(&entry.label(), &format!("has no version {version}; it has {}", there.join(", "))))
    }

    fn reread(&mut self) -> Result<(), ConfigError> {
        let options = Options { table: self.table.as_deref(), service: None };
        self.read = KeyFile::parse(&self.file, &self.text(), self.format, options)?;
        Ok(())
    }
}

fn is_named(entry: &Entry, name: &str) -> bool {
    let reversed = name.split_once('/').map(|(one, other)| format!("{other}/{one}"));
    entry.name == name
        || (entry.section == Section::Pairs && reversed.is_some_and(|name| entry.name == name))
        || is_same_variable(entry, name)
}

/// Returns `true` if `name` and the entry correspond to the same variable in a `.env` file, as `a-b` and
/// `a_b` do.
fn is_same_variable(entry: &Entry, name: &str) -> bool {
    let variable = |name: &str| name.split_once('/').map(|(one, other)| crate::secret_variable(one, other));
    let is_literal =
        matches!(entry.versions.first().map(|version| &version.secret), Some(FileSecret::Text(_)));
    entry.section == Section::Pairs
        && is_literal
        && variable(name).is_some()
        && variable(&entry.name) == variable(name)
}

/// Returns the names of the nested tables that contain the entry, starting with the outermost one.
fn path(entry: &Entry, table: Option<&str>) -> Vec<String> {
    match (table, entry.section) {
        (Some(table), _) => table.split('.').map(Into::into).collect(),
        (None, Section::Issuer) => vec![Section::Issuer.name().into()],
        (None, section) => vec![section.name().into(), entry.name.clone()],
    }
}

fn borrowed(path: &[String]) -> Vec<&str> {
    path.iter().map(String::as_str).collect()
}

fn tree_of(secret: NewSecret<'_>) -> Result<Tree, ConfigError> {
    match secret {
        NewSecret::Text(text) => Ok(Tree::text(text)),
        NewSecret::Reference(reference) => {
            let value = serde_json::from_str(&reference.value);
            let value = value.map_err(|_| error(&reference.kind, "the reference is invalid"))?;
            Ok(Tree::Table(vec![(reference.kind.clone(), value)]))
        }
    }
}

/// Returns the part of a variable name that identifies the pair, such as `AGENT_PRACTICES`.
fn pair_of(entry: &Entry) -> String {
    let (one, other) = entry.name.split_once('/').unwrap_or((&entry.name, ""));
    crate::secret_variable(one, other).trim_start_matches(crate::env::SECRET).to_owned()
}

fn variable_of(lines: &Dotenv, pair: &str, version: u32) -> String {
    let plain = format!("{}{pair}", crate::env::SECRET);
    if version == 1 && lines.get(&plain).is_some() { plain } else { format!("{plain}_V{version}") }
}
