//! Bindings for key files. The host crate parses and changes the files, and Python code resolves their
//! references to secrets.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use sealwire_host::key_file::{
    self, Document, FileSecret, Format, NewEntry, NewSecret, Options, Reference, Resolved, Section,
};
use sealwire_host::{ConfigError, FileState, SharedRing, read_file};
use zeroize::Zeroizing;

use crate::errors;
use crate::key_ring::KeyRing;

/// The contents of a key file, with unresolved references to secrets.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct KeyFile(key_file::KeyFile);

#[pymethods]
impl KeyFile {
    /// Reads a file. `table` names the table that contains the issuer's keys, if they are in a larger
    /// configuration file. With `service`, only the pairs of this service are read.
    #[staticmethod]
    #[pyo3(signature = (path, table=None, service=None))]
    fn read(py: Python<'_>, path: PathBuf, table: Option<&str>, service: Option<&str>) -> PyResult<Self> {
        let name = path.display().to_string();
        let read = read_file(&path).and_then(|text| {
            key_file::KeyFile::parse(&name, &text, Format::of(&name), Options { table, service })
        });
        read.map(Self).map_err(|error| errors::config_error(py, &error))
    }

    /// Returns the references to resolve. Each item contains a label with the entry and version, the
    /// reference type, and the reference as JSON.
    fn lookups(&self) -> Vec<(String, String, String)> {
        let lookups = self.0.lookups().into_iter();
        lookups.map(|each| (each.label, each.reference.kind.clone(), each.reference.value.clone())).collect()
    }

    /// Creates a key ring. `resolved` contains one secret for each item of `lookups`, in the same order.
    fn ring(&self, py: Python<'_>, resolved: Vec<Bound<'_, PyAny>>, allow_weak: bool) -> PyResult<KeyRing> {
        let resolved = resolved.iter().map(self::resolved).collect::<PyResult<_>>()?;
        ring(py, self.0.ring(resolved, allow_weak))
    }

    /// Creates a key ring that has a placeholder for each referenced secret, to validate the file.
    fn check(&self, py: Python<'_>, allow_weak: bool) -> PyResult<KeyRing> {
        ring(py, self.0.check(allow_weak))
    }

    /// Whether the file contains secrets, and not only references.
    #[getter]
    fn holds_secrets(&self) -> bool {
        self.0.holds_secrets()
    }

    /// Whether the file allows secrets with fewer than 32 bytes.
    #[getter]
    fn allow_weak(&self) -> bool {
        self.0.allow_weak
    }

    /// Returns the section, name, primary version and versions of each entry. Each version consists of a number
    /// and a secret. The secret is `None` if the file contains a reference instead.
    #[allow(clippy::type_complexity, reason = "a tuple that Python unpacks at once")]
    fn entries(&self) -> Vec<(&'static str, String, u32, Vec<(u32, Option<String>)>)> {
        let secret = |version: &key_file::FileVersion| match &version.secret {
            FileSecret::Text(text) => Some(text.to_string()),
            FileSecret::Reference(_) => None,
        };
        let entry = |entry: &key_file::Entry| {
            let versions = entry.versions.iter().map(|version| (version.number, secret(version)));
            (entry.section.name(), entry.name.clone(), entry.primary, versions.collect())
        };
        self.0.entries.iter().map(entry).collect()
    }

    /// Returns the entry, the version and the date of each planned version removal. Dates are in Unix
    /// seconds.
    fn retire_dates(&self) -> Vec<(String, u32, i64)> {
        self.0.retire_dates()
    }
}

/// A key file that can be changed.
#[pyclass(module = "sealwire")]
pub(crate) struct KeyDocument(Document);

#[pymethods]
impl KeyDocument {
    /// Reads a file.
    #[staticmethod]
    #[pyo3(signature = (path, table=None))]
    fn open(py: Python<'_>, path: PathBuf, table: Option<&str>) -> PyResult<Self> {
        let name = path.display().to_string();
        let opened = read_file(&path).and_then(|text| Document::open(&name, &text, Format::of(&name), table));
        opened.map(Self).map_err(|error| errors::config_error(py, &error))
    }

    /// Returns the names of all entries, such as `agent/practices` or `issuer`.
    fn names(&self) -> Vec<String> {
        self.0.read().entries.iter().map(key_file::Entry::label).collect()
    }

    /// Returns the name of an entry as written in the file. The two services of a pair can be given in either
    /// order.
    fn known(&self, py: Python<'_>, name: &str) -> PyResult<String> {
        self.entry(py, name).map(key_file::Entry::label)
    }

    /// Returns the section of an entry: `pairs`, `clients` or `issuer`.
    fn section(&self, py: Python<'_>, name: &str) -> PyResult<&'static str> {
        self.entry(py, name).map(|entry| entry.section.name())
    }

    /// Returns the versions of an entry in ascending order.
    fn versions(&self, py: Python<'_>, name: &str) -> PyResult<Vec<u32>> {
        let mut versions: Vec<_> = self.entry(py, name)?.versions.iter().map(|each| each.number).collect();
        versions.sort_unstable();
        Ok(versions)
    }

    /// Returns the primary version of an entry, which signs requests.
    fn primary(&self, py: Python<'_>, name: &str) -> PyResult<u32> {
        self.entry(py, name).map(|entry| entry.primary)
    }

    /// Returns the type and the JSON of the reference to the newest version of an entry. Returns `None` if the
    /// secret is in the file.
    fn kept(&self, py: Python<'_>, name: &str) -> PyResult<Option<(String, String)>> {
        let newest = self.entry(py, name)?.versions.iter().max_by_key(|version| version.number);
        Ok(newest.and_then(|version| match &version.secret {
            FileSecret::Text(_) => None,
            FileSecret::Reference(reference) => Some((reference.kind.clone(), reference.value.clone())),
        }))
    }

    /// Adds a version. `secret` is the secret itself, or the type and JSON of a reference.
    fn add(&mut self, py: Python<'_>, name: &str, version: u32, secret: Secret) -> PyResult<()> {
        let added = match &secret.0 {
            Ok(text) => self.0.add(name, version, NewSecret::Text(text)),
            Err(reference) => self.0.add(name, version, NewSecret::Reference(reference)),
        };
        added.map_err(|error| errors::config_error(py, &error))
    }

    /// Makes a version the primary version. `retire_after` is the date in ISO 8601 by which the other versions
    /// should be removed.
    #[pyo3(signature = (name, version, retire_after=None))]
    fn promote(
        &mut self,
        py: Python<'_>,
        name: &str,
        version: u32,
        retire_after: Option<&str>,
    ) -> PyResult<()> {
        self.0.promote(name, version, retire_after).map_err(|error| errors::config_error(py, &error))
    }

    /// Removes a version.
    fn remove(&mut self, py: Python<'_>, name: &str, version: u32) -> PyResult<()> {
        self.0.remove(name, version).map_err(|error| errors::config_error(py, &error))
    }

    /// Returns the text of the changed file.
    fn text(&self) -> String {
        self.0.text().to_string()
    }

    /// Validates the file without resolving references.
    fn check(&self, py: Python<'_>, allow_weak: bool) -> PyResult<KeyRing> {
        ring(py, self.0.check(allow_weak))
    }

    /// Whether the file contains secrets, and not only references.
    #[getter]
    fn holds_secrets(&self) -> bool {
        self.0.read().holds_secrets()
    }
}

impl KeyDocument {
    fn entry(&self, py: Python<'_>, name: &str) -> PyResult<&key_file::Entry> {
        self.0.entry(name).map_err(|error| errors::config_error(py, &error))
    }
}

/// A secret, or the type and JSON of a reference.
pub(crate) struct Secret(Result<Zeroizing<String>, Reference>);

impl<'py> FromPyObject<'_, 'py> for Secret {
    type Error = PyErr;

    fn extract(object: Borrowed<'_, 'py, PyAny>) -> PyResult<Self> {
        if let Ok(text) = object.extract::<String>() {
            return Ok(Self(Ok(Zeroizing::new(text))));
        }
        let (kind, value) = object.extract()?;
        Ok(Self(Err(Reference { kind, value })))
    }
}

/// Returns the text of a new key file. Each entry consists of a section, a name and a secret.
#[pyfunction]
pub(crate) fn generate_key_file(
    py: Python<'_>,
    entries: Vec<(String, String, Secret)>,
    format: &str,
) -> PyResult<String> {
    let section = |name: &str| match name {
        "pairs" => Section::Pairs,
        "clients" => Section::Clients,
        _ => Section::Issuer,
    };
    let entries: Vec<_> = entries
        .into_iter()
        .map(|(place, name, secret)| NewEntry { section: section(&place), name, secret: secret.0 })
        .collect();
    let format = Format::from_name(format).unwrap_or(Format::Toml);
    let text = key_file::generate(&entries, format);
    text.map(|text| text.to_string()).map_err(|error| errors::config_error(py, &error))
}

/// Returns the format of a file with this name: `toml`, `json` or `dotenv`.
#[pyfunction]
pub(crate) fn key_file_format(path: &str) -> &'static str {
    match Format::of(path) {
        Format::Toml => "toml",
        Format::Json => "json",
        Format::Dotenv => "dotenv",
    }
}

fn ring(py: Python<'_>, built: Result<sealwire_core::keys::KeyRing, ConfigError>) -> PyResult<KeyRing> {
    built.map(|ring| KeyRing(SharedRing::new(ring))).map_err(|error| errors::config_error(py, &error))
}

fn resolved(object: &Bound<'_, PyAny>) -> PyResult<Resolved> {
    if let Ok(bytes) = object.cast::<PyBytes>() {
        return Ok(Resolved::Bytes(Zeroizing::new(bytes.as_bytes().to_vec())));
    }
    let text = object
        .cast::<PyString>()
        .map_err(|_| errors::config_error(object.py(), &"a source must return a secret as str or bytes"))?;
    Ok(Resolved::Text(Zeroizing::new(text.to_str()?.to_owned())))
}

/// Returns a string that changes when a file is written or replaced. Returns `None` if the file cannot be
/// accessed.
#[pyfunction]
pub(crate) fn file_state(path: PathBuf) -> Option<String> {
    FileState::of(&path).map(|state| state.to_string())
}

/// Returns whether users other than the owner have permissions for a file. Returns `False` on Windows, where
/// files have no permission bits, and if the file cannot be accessed.
#[pyfunction]
pub(crate) fn is_open_to_others(path: PathBuf) -> bool {
    sealwire_host::is_open_to_others(&path)
}
