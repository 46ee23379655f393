//! Converts a parsed file to a key file and validates its structure.

use crate::ConfigError;
use crate::config_error::error;
use crate::key_file::format::Contents;
use crate::key_file::tree::Tree;
use crate::key_file::{
    Entry, FileSecret, FileVersion, KeyFile, Options, PRIMARY, RAW, RETIRE_AFTER, Reference, SECRET, Section,
    VERSION, VERSIONS, date, label, variables,
};
use crate::redact::shown;

/// The top-level names allowed in a file, including those of mode files.
pub(crate) const SECTIONS: [&str; 7] =
    ["pairs", "clients", "issuer", "allowWeak", "mode", "senders", "observeOnly"];
const ENTRY_FIELDS: [&str; 2] = [PRIMARY, VERSIONS];
const VERSION_FIELDS: [&str; 4] = [VERSION, SECRET, RAW, RETIRE_AFTER];

pub(super) fn key_file(
    file: &str,
    contents: &Contents,
    options: Options<'_>,
) -> Result<KeyFile, ConfigError> {
    let mut found = match (contents, options.table) {
        (Contents::Table(tree), Some(table)) => foreign(file, tree, table)?,
        (Contents::Table(tree), None) => own(file, tree)?,
        (Contents::Variables(_), Some(_)) => {
            return Err(error(file, "a .env file has no tables; use a TOML or JSON file"));
        }
        (Contents::Variables(lines), None) => variables::key_file(file, lines)?,
    };
    if let Some(service) = options.service {
        found.keep_pairs_of(service)?;
    }
    Ok(found)
}

/// Reads a file that contains only Sealwire keys and modes.
fn own(file: &str, tree: &Tree) -> Result<KeyFile, ConfigError> {
    refuse_unknown(file, tree, &SECTIONS)?;
    let mut entries = Vec::new();
    for section in [Section::Pairs, Section::Clients] {
        let Some(found) = tree.get(section.name()) else { continue };
        let shape = || error(file, &format!("{} must be a table", section.name()));
        let found = found.as_table().ok_or_else(shape)?;
        for (name, table) in found {
            if section == Section::Pairs {
                services(name)?;
            }
            refuse_unknown(&label(section, name), table, &ENTRY_FIELDS)?;
            entries.push(entry(section, name, table, &VERSION_FIELDS)?);
        }
    }
    if let Some(issuer) = tree.get(Section::Issuer.name()) {
        if issuer.as_table().is_none() {
            return Err(error(file, "issuer must be a table"));
        }
        refuse_unknown("issuer", issuer, &ENTRY_FIELDS)?;
        entries.push(entry(Section::Issuer, "issuer", issuer, &VERSION_FIELDS)?);
    }
    if entries.is_empty() {
        return Err(error(file, "contains no keys; add pairs, clients or an issuer"));
    }
    let allow_weak = match tree.get("allowWeak") {
        None => false,
        Some(value) => value.as_bool().ok_or_else(|| error("allowWeak", "write true or false"))?,
    };
    Ok(KeyFile { file: file.into(), entries, allow_weak, table: None })
}

/// Reads the issuer's keys from a table of a larger configuration file. The rest of the file is ignored.
fn foreign(file: &str, tree: &Tree, table: &str) -> Result<KeyFile, ConfigError> {
    let found = table.split('.').try_fold(tree, Tree::get).filter(|found| found.as_table().is_some());
    let found = found.ok_or_else(|| error(file, &format!("has no table [{table}]")))?;
    let entries = vec![entry(Section::Issuer, "issuer", found, &[])?];
    Ok(KeyFile { file: file.into(), entries, allow_weak: false, table: Some(table.into()) })
}

/// Rejects unknown names, so that a misspelt setting is not silently ignored.
pub(crate) fn refuse_unknown(place: &str, tree: &Tree, known: &[&str]) -> Result<(), ConfigError> {
    let table = tree.as_table().ok_or_else(|| error(place, "must be a table"))?;
    match table.iter().find(|(name, _)| !known.contains(&name.as_str())) {
        Some((name, _)) => Err(error(place, &format!("{} is not one of {}", shown(name), known.join(", ")))),
        None => Ok(()),
    }
}

fn entry(section: Section, name: &str, table: &Tree, fields: &[&str]) -> Result<Entry, ConfigError> {
    let label = label(section, name);
    if table.as_table().is_none() {
        return Err(error(&label, "must be a table"));
    }
    let primary = table.get(PRIMARY).and_then(Tree::as_version);
    let primary = primary
        .ok_or_else(|| error(&label, &format!("{PRIMARY} must be the number of the version that signs")))?;
    let shape = || error(&label, &format!("{VERSIONS} must list tables with a version and a secret"));
    let listed = table.get(VERSIONS).map_or(Ok(&[][..]), |found| found.as_list().ok_or_else(shape))?;
    let versions = listed.iter().map(|each| {
        if each.as_table().is_none() {
            return Err(shape());
        }
        if !fields.is_empty() {
            refuse_unknown(&label, each, fields)?;
        }
        version(&label, each)
    });
    Ok(Entry { section, name: name.into(), primary, versions: versions.collect::<Result<_, _>>()? })
}

fn version(label: &str, table: &Tree) -> Result<FileVersion, ConfigError> {
    let number = table.get(VERSION).and_then(Tree::as_version);
    let number =
        number.ok_or_else(|| error(label, &format!("each of {VERSIONS} needs a version, a whole number")))?;
    let place = format!("{label} version {number}");
    let secret = table.get(SECRET).ok_or_else(|| error(&place, "the secret is missing"))?;
    let raw = match table.get(RAW) {
        None => false,
        Some(value) => value.as_bool().ok_or_else(|| error(&place, "raw: write true or false"))?,
    };
    let retire_after_s = table.get(RETIRE_AFTER).map(|value| retire_after(label, value)).transpose()?;
    Ok(FileVersion { number, secret: self::secret(&place, secret)?, raw, retire_after_s })
}

fn secret(place: &str, value: &Tree) -> Result<FileSecret, ConfigError> {
    match value {
        Tree::Text(text) => Ok(FileSecret::Text(text.clone())),
        Tree::Table(table) if table.len() == 1 => {
            let (kind, reference) = table.first().ok_or_else(|| error(place, "the reference is empty"))?;
            let value =
                serde_json::to_string(reference).map_err(|_| error(place, "the reference is invalid"))?;
            Ok(FileSecret::Reference(Reference { kind: kind.clone(), value }))
        }
        _ => Err(error(place, "secret must be a string, or one reference such as { env = \"NAME\" }")),
    }
}

fn retire_after(label: &str, value: &Tree) -> Result<i64, ConfigError> {
    let text = match value {
        Tree::Text(text) => text.as_str(),
        Tree::Date(text) => text,
        _ => "",
    };
    date::seconds(text).ok_or_else(|| error(label, &format!("{RETIRE_AFTER} must be a date, as 2030-01-31")))
}

/// Splits a pair name into its two services.
pub(super) fn services(name: &str) -> Result<(&str, &str), ConfigError> {
    let found = name
        .split_once('/')
        .filter(|(one, other)| !one.is_empty() && !other.is_empty() && !other.contains('/'));
    found.ok_or_else(|| {
        error("pairs", &format!("{} must contain two services, as \"one/other\"", shown(name)))
    })
}

impl KeyFile {
    /// Removes the pairs of other services.
    fn keep_pairs_of(&mut self, service: &str) -> Result<(), ConfigError> {
        let own = canonical(service);
        let is_own = |entry: &Entry| {
            services(&entry.name).is_ok_and(|(one, other)| [one, other].map(canonical).contains(&own))
        };
        let pairs = |entry: &&Entry| entry.section == Section::Pairs;
        let (all, kept) = (
            self.entries.iter().filter(pairs).count(),
            self.entries.iter().filter(pairs).filter(|entry| is_own(entry)).count(),
        );
        if all > 0 && kept == 0 {
            let mut names: Vec<_> = self
                .entries
                .iter()
                .filter(pairs)
                .flat_map(|entry| entry.name.split('/'))
                .map(shown)
                .collect();
            names.sort();
            names.dedup();
            let advice = format!(
                "no pair contains the service {}; the services of the file are {}",
                shown(service),
                names.join(", ")
            );
            return Err(error(&self.file, &advice));
        }
        self.entries.retain(|entry| entry.section != Section::Pairs || is_own(entry));
        Ok(())
    }
}

/// Returns a service name without the suffix `_service`.
fn canonical(service: &str) -> &str {
    service.strip_suffix("_service").filter(|name| !name.is_empty()).unwrap_or(service)
}
