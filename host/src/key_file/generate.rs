//! Generates key files with the first version of each key.

use sealwire_core::keys::{KeyName, KeyRingBuilder, Strength, Version};
use zeroize::Zeroizing;

use crate::ConfigError;
use crate::config_error::error;
use crate::key_file::edit::toml_text;
use crate::key_file::format::Format;
use crate::key_file::tree::Tree;
use crate::key_file::{PRIMARY, Reference, SECRET, Section, VERSION, VERSIONS, read};

/// A new key set with its first version.
#[derive(Clone)]
pub struct NewEntry {
    /// The section of the key file that contains the key set.
    pub section: Section,
    /// The name of the key set: a pair such as `agent/practices`, a client id, or `issuer`.
    pub name: String,
    /// The secret, or a reference to a secret in a secret store.
    pub secret: Result<Zeroizing<String>, Reference>,
}

impl core::fmt::Debug for NewEntry {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "NewEntry({}, ..)", self.name)
    }
}

/// Returns the text of a new key file.
///
/// # Errors
/// [`ConfigError`] if a name is invalid or repeated, or if a key cannot be represented in the format.
pub fn generate(entries: &[NewEntry], format: Format) -> Result<Zeroizing<String>, ConfigError> {
    check_names(entries)?;
    Ok(Zeroizing::new(match format {
        Format::Toml => entries.iter().map(toml).collect::<Result<Vec<_>, _>>()?.join("\n"),
        Format::Json => json(entries)?,
        Format::Dotenv => entries.iter().map(variable).collect::<Result<_, _>>()?,
    }))
}

/// Validates the names of new entries.
///
/// # Errors
/// [`ConfigError`] for an invalid name.
fn check_names(entries: &[NewEntry]) -> Result<(), ConfigError> {
    let stand_in = *b"a stand-in that is long enough ..";
    let versions = [Version { number: 1, secret: &stand_in }];
    let mut builder = KeyRingBuilder::new(Strength::Required);
    for entry in entries {
        let added = match entry.section {
            Section::Pairs => {
                let (one, other) = read::services(&entry.name)?;
                builder.add(KeyName::Pair(one, other), &versions, 1)
            }
            Section::Clients => builder.add(KeyName::Client(&entry.name), &versions, 1),
            Section::Issuer => builder.issuer(&versions, 1),
        };
        added.map_err(crate::secret::ring_error)?;
    }
    Ok(())
}

fn tree(entry: &NewEntry) -> Result<Tree, ConfigError> {
    match &entry.secret {
        Ok(secret) => Ok(Tree::text(secret)),
        Err(reference) => {
            let value = serde_json::from_str(&reference.value);
            let value = value.map_err(|_| error(&entry.name, "the reference is invalid"))?;
            Ok(Tree::Table(vec![(reference.kind.clone(), value)]))
        }
    }
}

/// Returns an entry in TOML. Each version is on a single line, so that a rotation changes only a few lines of
/// the file.
fn toml(entry: &NewEntry) -> Result<String, ConfigError> {
    let head = match entry.section {
        Section::Issuer => "issuer".to_owned(),
        section => format!("{}.{}", section.name(), toml_edit::Key::new(&entry.name)),
    };
    let secret = toml_text(&tree(entry)?);
    Ok(format!("[{head}]\n{PRIMARY} = 1\n{VERSIONS} = [\n    {{ {VERSION} = 1, {SECRET} = {secret} }},\n]\n"))
}

fn json(entries: &[NewEntry]) -> Result<String, ConfigError> {
    let mut sections: Vec<(String, Tree)> = Vec::new();
    for entry in entries {
        let version = vec![(VERSION.into(), Tree::Integer(1)), (SECRET.into(), tree(entry)?)];
        let set = Tree::Table(vec![
            (PRIMARY.into(), Tree::Integer(1)),
            (VERSIONS.into(), Tree::List(vec![Tree::Table(version)])),
        ]);
        let section = entry.section.name();
        match sections.iter_mut().find(|(name, _)| name == section) {
            Some((_, Tree::Table(held))) => held.push((entry.name.clone(), set)),
            _ if entry.section == Section::Issuer => sections.push((section.into(), set)),
            _ => sections.push((section.into(), Tree::Table(vec![(entry.name.clone(), set)]))),
        }
    }
    serde_json::to_string_pretty(&Tree::Table(sections))
        .map(|text| text + "\n")
        .map_err(|_| error("key file", "cannot be written as JSON"))
}

fn variable(entry: &NewEntry) -> Result<String, ConfigError> {
    if entry.section != Section::Pairs {
        let advice =
            "a .env file contains only pairs of services; write clients and the issuer to TOML or JSON";
        return Err(error(entry.section.name(), advice));
    }
    let (one, other) = read::services(&entry.name)?;
    match &entry.secret {
        Ok(secret) => Ok(format!("{}={}\n", crate::secret_variable(one, other), secret.as_str())),
        Err(_) => Err(error(&entry.name, "a .env file contains secrets, not references; write TOML or JSON")),
    }
}
