//! Key rings, which signers and verifiers share.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping, PyString};
use sealwire_core::keys::{self, KeyName, KeyRingBuilder, Strength};
use sealwire_host::secret::ring_error;
use sealwire_host::{SharedRing, ring_from_env, ring_of_pairs};

use crate::errors;
use crate::secrets::{Text, Versions, pair_of};
use crate::settings::{Settings, present};

/// The secrets of pairs of services, of clients and of the token issuer.
///
/// A secret is `bytes` or `str`. A `str` is base64 for a pair, and is encoded as UTF-8 for a client or the
/// issuer. To use several versions of a secret, pass a mapping of version to secret, or
/// `{"versions": {1: .., 2: ..}, "primary": 2}`.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct KeyRing(pub(crate) Arc<SharedRing>);

#[pymethods]
impl KeyRing {
    #[new]
    #[pyo3(signature = (pairs=None, clients=None, issuer=None, **settings))]
    fn new<'py>(
        py: Python<'py>,
        pairs: Option<&Bound<'py, PyAny>>,
        clients: Option<&Bound<'py, PyAny>>,
        issuer: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let named = present(&[("pairs", pairs), ("clients", clients), ("issuer", issuer)]);
        let given = Settings::checked("key_ring", settings, &named, py)?;
        let mut builder = KeyRingBuilder::new(strength(given.flag("allow_weak")?));
        for (name, versions) in entries(given.get("pairs")?)? {
            let (one, other) = pair_of(&name)?;
            let set = Versions::read(&format!("{one}/{other}"), &versions, Text::Base64)?;
            builder
                .add(KeyName::Pair(&one, &other), &set.view(), set.primary)
                .map_err(|error| errors::config_error(py, &ring_error(error)))?;
        }
        for (id, versions) in entries(given.get("clients")?)? {
            let id: String =
                id.extract().map_err(|_| errors::config_error(py, &"clients: a client id must be str"))?;
            let set = Versions::read(&id, &versions, Text::Utf8)?;
            builder
                .add(KeyName::Client(&id), &set.view(), set.primary)
                .map_err(|error| errors::config_error(py, &ring_error(error)))?;
        }
        if let Some(issuer) = given.get::<Bound<'py, PyAny>>("issuer")? {
            let set = Versions::read("issuer", &issuer, Text::Utf8)?;
            builder
                .issuer(&set.view(), set.primary)
                .map_err(|error| errors::config_error(py, &ring_error(error)))?;
        }
        Ok(Self(SharedRing::new(builder.build())))
    }

    /// Creates a key ring from a `dict` such as
    /// `{"pairs": {"agent/practices": ..}, "clients": {..}, "issuer": ..}`.
    #[staticmethod]
    #[pyo3(signature = (data, *, allow_weak=None), text_signature = "(data, *, allow_weak=False)")]
    fn from_dict<'py>(
        py: Python<'py>,
        data: &Bound<'py, PyAny>,
        allow_weak: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Self> {
        let data =
            data.cast::<PyDict>().map_err(|_| errors::config_error(py, &"data: pass a dict of settings"))?;
        let allowed = Settings::checked("key_ring", None, &present(&[("allow_weak", allow_weak)]), py)?;
        let settings = data.copy()?;
        if allowed.flag("allow_weak")? {
            settings.set_item("allow_weak", true)?;
        }
        Self::new(py, None, None, None, Some(&settings))
    }

    /// Reads the secrets of pairs from environment variables. Pass `service` to read all pairs of a
    /// service, or `pairs` to read only these pairs.
    ///
    /// `environ` replaces the process environment. Raises `ConfigError` with the name of the variable if a
    /// secret is missing or invalid.
    #[staticmethod]
    #[pyo3(
        signature = (service=None, **settings),
        text_signature = "(service=None, *, pairs=None, environ=None, allow_weak=False)"
    )]
    fn from_env<'py>(
        py: Python<'py>,
        service: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let given = Settings::checked("key_ring_from_env", settings, &present(&[("service", service)]), py)?;
        let environ = given.get::<Bound<'py, PyAny>>("environ")?;
        let variables = environ.map_or_else(|| Ok(environment()), |environ| variables(&environ))?;
        let allow_weak = given.flag("allow_weak")?;
        let ring = match (given.get::<String>("service")?, given.get::<Vec<Bound<'py, PyAny>>>("pairs")?) {
            (Some(service), None) => ring_from_env(variables, &service, strength(allow_weak)),
            (None, Some(pairs)) => {
                let pairs = pairs.iter().map(pair_of).collect::<PyResult<Vec<_>>>()?;
                ring_of_pairs(variables, &pairs, strength(allow_weak))
            }
            _ => return Err(errors::config_error(py, &"service: pass the service or its pairs")),
        };
        ring.map(|ring| Self(SharedRing::new(ring))).map_err(|error| errors::config_error(py, &error))
    }

    /// Atomically replaces the keys with those of another key ring. The new keys apply to all signers and
    /// verifiers that use this key ring. A request that is being processed still uses the old keys.
    /// Versions that are in both key rings keep their usage counts.
    fn replace(&self, ring: &Self) {
        self.0.replace_with(&ring.0);
    }

    /// Returns the usage of each key version. Use it to decide when an old version can be removed.
    fn status(&self) -> Vec<KeyStatus> {
        self.0.status().into_iter().map(KeyStatus).collect()
    }

    fn __len__(&self) -> usize {
        self.0.load().len()
    }

    /// Returns a description that contains the number of entries, but no secrets.
    fn __repr__(&self) -> String {
        format!("<KeyRing of {} key sets>", self.__len__())
    }
}

/// The usage of a key version.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct KeyStatus(keys::KeyStatus);

#[pymethods]
impl KeyStatus {
    /// The name of the key: a pair such as `agent/practices`, a client id, or `issuer`.
    #[getter]
    fn name(&self) -> &str {
        &self.0.name
    }

    /// The number of the version.
    #[getter]
    fn version(&self) -> u32 {
        self.0.version
    }

    /// Whether this is the primary version, which signs requests.
    #[getter]
    fn primary(&self) -> bool {
        self.0.primary
    }

    /// The number of requests that this process accepted with this version.
    #[getter]
    fn accepted(&self) -> usize {
        self.0.accepted
    }

    /// The time of the last accepted request, in Unix seconds, or `None` if there was none.
    #[getter]
    fn last_accepted(&self) -> Option<u32> {
        self.0.last_accepted_s
    }

    fn __repr__(&self) -> String {
        let primary = if self.0.primary { ", primary" } else { "" };
        format!(
            "<KeyStatus {} version {}{primary}, accepted {}>",
            self.0.name, self.0.version, self.0.accepted
        )
    }
}

fn strength(allow_weak: bool) -> Strength {
    if allow_weak { Strength::AllowWeak } else { Strength::Required }
}

type Entries<'py> = Vec<(Bound<'py, PyAny>, Bound<'py, PyAny>)>;

fn entries<'py>(mapping: Option<Bound<'py, PyMapping>>) -> PyResult<Entries<'py>> {
    let Some(mapping) = mapping else { return Ok(Vec::new()) };
    mapping.items()?.iter().map(|pair| pair.extract()).collect()
}

fn variables(environ: &Bound<'_, PyAny>) -> PyResult<Vec<(String, String)>> {
    let wrong = |_| errors::config_error(environ.py(), &"environ: pass a mapping of names to strings");
    let items = environ.cast::<PyMapping>().map_err(|_| wrong(()))?.items()?;
    let text = |pair: Bound<'_, PyAny>| {
        let (name, value): (Bound<'_, PyString>, Bound<'_, PyString>) =
            pair.extract().map_err(|_| wrong(()))?;
        Ok((name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned()))
    };
    items.iter().map(text).collect()
}

/// Returns the environment variables of the process. Bytes that are not valid UTF-8 are replaced, so such a
/// secret is rejected because it is not Base64.
fn environment() -> Vec<(String, String)> {
    let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
    std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect()
}
