//! The modes of a service and its senders, which verifiers share.

use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyMapping};
use sealwire_host::{ModesConfig, SharedModes};

use crate::errors;
use crate::settings::{Settings, present};

/// The effect of a rejection. A service has a mode, and individual senders can have a different mode.
///
/// Several verifiers and middlewares can share one object. `replace` then changes the modes of all of them at
/// run time.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Modes(pub(crate) Arc<SharedModes>);

#[pymethods]
impl Modes {
    #[new]
    #[pyo3(signature = (mode=None, senders=None, **settings))]
    fn new<'py>(
        py: Python<'py>,
        mode: Option<&Bound<'py, PyAny>>,
        senders: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let named_settings = present(&[("mode", mode), ("senders", senders)]);
        let given = Settings::checked("modes", settings, &named_settings, py)?;
        let senders = given.get::<Bound<'py, PyMapping>>("senders")?;
        let senders = senders.as_ref().map_or_else(|| Ok(Vec::new()), named)?;
        let (mode, observe_only) = (given.get("mode")?, given.flag("observe_only")?);
        let modes = ModesConfig { mode, senders, observe_only }.into_modes();
        modes.map(|modes| Self(SharedModes::new(modes))).map_err(|error| errors::config_error(py, &error))
    }

    /// Atomically replaces the modes of all verifiers that use this object, and logs the change.
    fn replace(&self, py: Python<'_>, modes: &Self) -> PyResult<()> {
        let Some((before, after)) = self.0.replace(sealwire_core::Modes::clone(&modes.0.load())) else {
            return Ok(());
        };
        let told = (before.service.name(), by_name(py, &before)?, after.service.name(), by_name(py, &after)?);
        py.import("sealwire._report")?.call_method1("modes_changed", told).map(drop)
    }

    /// The mode of the service: `off`, `observe` or `enforce`.
    #[getter]
    fn mode(&self) -> &'static str {
        self.0.load().service.name()
    }

    /// The modes of individual senders, by name.
    #[getter]
    fn senders<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, &self.0.load())
    }

    /// The number of calls of `replace` that changed a mode.
    #[getter]
    fn changes(&self) -> usize {
        self.0.changes()
    }

    fn __repr__(&self) -> String {
        let modes = self.0.load();
        let own = modes.senders.iter().map(|(name, mode)| format!(", {}: {}", name.as_str(), mode.name()));
        format!("<Modes {}{}>", modes.service.name(), own.collect::<String>())
    }
}

pub(crate) fn named(senders: &Bound<'_, PyMapping>) -> PyResult<Vec<(String, String)>> {
    senders.items()?.iter().map(|pair| pair.extract()).collect()
}

fn by_name<'py>(py: Python<'py>, modes: &sealwire_core::Modes) -> PyResult<Bound<'py, PyDict>> {
    let senders = PyDict::new(py);
    for (name, mode) in &modes.senders {
        senders.set_item(name.as_str(), mode.name())?;
    }
    Ok(senders)
}
