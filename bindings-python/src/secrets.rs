//! Converts secrets and their versions from Python objects.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList, PyMapping, PyString};
use sealwire_core::keys::Version;
use sealwire_host::redact::shown;
use sealwire_host::secret::{base64_secret, text_secret};
use zeroize::Zeroizing;

use crate::errors;
use crate::settings::Settings;

/// Returns a name for an error message. A name that could be a secret is replaced with its length.
#[pyfunction]
pub(crate) fn shown_name(name: &str) -> String {
    shown(name)
}

/// The encoding of a secret that is a string.
#[derive(Clone, Copy)]
pub(crate) enum Text {
    /// Base64, which is used for pairs.
    Base64,
    /// UTF-8, which is used for clients and the issuer.
    Utf8,
}

/// The versions of a secret. The secrets are wiped from memory on drop.
pub(crate) struct Versions {
    held: Vec<(u32, Secret)>,
    pub(crate) primary: u32,
}

struct Secret(Zeroizing<Vec<u8>>);

impl Versions {
    /// Reads one of three forms: a single secret, which becomes version 1; a mapping of version to secret;
    /// or `{"versions": {..}, "primary": n}`. In the last form, `versions` can also be a list of pairs. A
    /// file can contain a version twice. Only a list preserves both entries, so that the core crate can
    /// reject the file. Without `primary`, the lowest version signs.
    ///
    /// # Errors
    /// Returns a `ConfigError` that contains the name of the entry.
    pub(crate) fn read(entry: &str, object: &Bound<'_, PyAny>, text: Text) -> PyResult<Self> {
        if object.is_instance_of::<PyString>() || object.is_instance_of::<PyBytes>() {
            return Ok(Self { held: vec![(1, Secret::read(entry, object, text)?)], primary: 1 });
        }
        let shape = || {
            let advice = format!("{}: pass a secret, or a mapping of version to secret", shown(entry));
            errors::config_error(object.py(), &advice)
        };
        let mapping = object.cast::<PyMapping>().map_err(|_| shape())?;
        let is_named = mapping.contains("versions")? || mapping.contains("primary")?;
        let (versions, primary) = if is_named {
            check_names(entry, mapping)?;
            let primary =
                if mapping.contains("primary")? { Some(mapping.get_item("primary")?) } else { None };
            (mapping.get_item("versions").map_err(|_| shape())?, primary)
        } else {
            (object.clone(), None)
        };
        let listed = match versions.cast::<PyList>() {
            Ok(list) => list.clone(),
            Err(_) => versions.cast::<PyMapping>().map_err(|_| shape())?.items()?,
        };
        let mut held = Vec::new();
        for pair in listed {
            let (number, secret) =
                pair.extract::<(Bound<'_, PyAny>, Bound<'_, PyAny>)>().map_err(|_| shape())?;
            held.push((number_of(entry, &number)?, Secret::read(entry, &secret, text)?));
        }
        let lowest = held.iter().map(|(number, _)| *number).min().unwrap_or(1);
        let primary = primary.map_or(Ok(lowest), |primary| number_of(entry, &primary))?;
        Ok(Self { held, primary })
    }

    pub(crate) fn view(&self) -> Vec<Version<'_>> {
        self.held.iter().map(|(number, secret)| Version { number: *number, secret: &secret.0 }).collect()
    }
}

impl Secret {
    fn read(entry: &str, object: &Bound<'_, PyAny>, text: Text) -> PyResult<Self> {
        if let Ok(bytes) = object.cast::<PyBytes>() {
            return Ok(Self(Zeroizing::new(bytes.as_bytes().to_vec())));
        }
        let label = shown(entry);
        let written = object
            .cast::<PyString>()
            .map_err(|_| {
                errors::config_error(object.py(), &format!("{label}: a secret must be str or bytes"))
            })?
            .to_str()?;
        let secret = match text {
            Text::Utf8 => text_secret(&label, written),
            Text::Base64 => base64_secret(&label, written),
        };
        secret.map(Self).map_err(|error| errors::config_error(object.py(), &error))
    }
}

/// Rejects all names except `versions` and `primary`. Otherwise a misspelt `primary` would be ignored, and
/// the wrong version would sign.
fn check_names(entry: &str, mapping: &Bound<'_, PyMapping>) -> PyResult<()> {
    let py = mapping.py();
    let given = PyDict::new(py);
    given.update(mapping)?;
    let checked = Settings::checked("key_versions", Some(&given), &[], py);
    checked
        .map(drop)
        .map_err(|error| errors::config_error(py, &format!("{}: {}", shown(entry), error.value(py))))
}

/// Reads a version number. A string of digits is accepted, because keys of mappings in JSON and TOML are
/// strings.
fn number_of(entry: &str, object: &Bound<'_, PyAny>) -> PyResult<u32> {
    let number = object.extract::<u32>().ok().or_else(|| object.extract::<String>().ok()?.parse().ok());
    number.ok_or_else(|| {
        errors::config_error(
            object.py(),
            &format!("{}: a version must be a number from 0 to {}", shown(entry), u32::MAX),
        )
    })
}

/// Returns the two services of a pair, which is a tuple or a string such as `"a/b"`.
pub(crate) fn pair_of(object: &Bound<'_, PyAny>) -> PyResult<(String, String)> {
    if let Ok(text) = object.extract::<String>() {
        let two = |(one, other): &(&str, &str)| !one.is_empty() && !other.is_empty() && !other.contains('/');
        let named = text.split_once('/').filter(two).map(|(one, other)| (one.to_owned(), other.to_owned()));
        return named.ok_or_else(|| {
            errors::config_error(
                object.py(),
                &format!("pairs: {} must contain two services, as \"one/other\"", shown(&text)),
            )
        });
    }
    let advice = "pairs: a pair must be a tuple of two names, or \"one/other\"";
    object.extract().map_err(|_| errors::config_error(object.py(), &advice))
}
