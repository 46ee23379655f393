//! Bindings for mode files.

use std::path::PathBuf;

use pyo3::prelude::*;
use pyo3::types::PyMapping;
use sealwire_host::key_file::Format;
use sealwire_host::mode_file::{self, ModeChange};
use sealwire_host::{ModesConfig, SharedModes, read_file};

use crate::errors;
use crate::modes::{Modes, named};

/// Returns the modes in a file, and whether a rollback is active. `mode` and `senders` are the defaults for
/// settings that the file omits.
#[pyfunction]
#[pyo3(signature = (path, mode=None, senders=None))]
pub(crate) fn read_mode_file(
    py: Python<'_>,
    path: PathBuf,
    mode: Option<String>,
    senders: Option<&Bound<'_, PyMapping>>,
) -> PyResult<(Modes, bool)> {
    let senders = senders.map_or_else(|| Ok(Vec::new()), named)?;
    let otherwise = ModesConfig { mode, senders, observe_only: false };
    let name = path.display().to_string();
    let read = read_file(&path).and_then(|text| mode_file::read(&name, &text, Format::of(&name), otherwise));
    let built = read.and_then(|config| {
        let rolled_back = config.observe_only;
        Ok((Modes(SharedModes::new(config.into_modes()?)), rolled_back))
    });
    built.map_err(|error| errors::config_error(py, &error))
}

/// Returns the text of a mode file after one change. `rollback` starts or ends a rollback. `mode` sets the mode
/// of the service, or of `sender` if it is given. `sender` without `mode` removes the mode of the sender.
#[pyfunction]
#[pyo3(signature = (path, *, mode=None, sender=None, rollback=None))]
pub(crate) fn change_mode_file(
    py: Python<'_>,
    path: PathBuf,
    mode: Option<&str>,
    sender: Option<&str>,
    rollback: Option<bool>,
) -> PyResult<String> {
    let change = match (rollback, sender, mode) {
        (Some(on), _, _) => ModeChange::ObserveOnly(on),
        (None, Some(sender), Some(mode)) => ModeChange::Sender(sender, mode),
        (None, Some(sender), None) => ModeChange::Remove(sender),
        (None, None, mode) => ModeChange::Service(mode.unwrap_or_default()),
    };
    let name = path.display().to_string();
    let changed =
        read_file(&path).and_then(|text| mode_file::change(&name, &text, Format::of(&name), change));
    changed.map(|text| text.to_string()).map_err(|error| errors::config_error(py, &error))
}

/// Returns the names and values of the variables in a `.env` file.
#[pyfunction]
pub(crate) fn read_variables(py: Python<'_>, path: PathBuf) -> PyResult<Vec<(String, String)>> {
    let name = path.display().to_string();
    let read = read_file(&path).and_then(|text| sealwire_host::key_file::variables_of(&name, &text));
    read.map_err(|error| errors::config_error(py, &error))
}
