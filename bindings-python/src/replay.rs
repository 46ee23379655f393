//! Replay tables, and the replay setting of a verifier.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::prelude::*;
use pyo3::types::PyDict;
use sealwire_core::replay::{Entry, Nonce, Outcome, ReplayStore, memory_bytes};
use sealwire_core::{Policy, Scheme};
use sealwire_host::mapped::{MappedTable, default_name, default_path};
use sealwire_host::{
    ProcessTable, SharedRing, clock_conflict, default_table_slots, now_s, random_bytes, table_slots,
};

use crate::errors;
use crate::numbers::Natural;
use crate::settings::{Settings, present};

/// A replay table, which stores the nonces of accepted requests. With `heap`, each request is accepted once
/// per process. With `mapped`, each request is accepted once per host.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct ReplayTable {
    pub(crate) store: Arc<dyn ReplayStore>,
    backend: &'static str,
    slots: usize,
    path: Option<PathBuf>,
}

#[pymethods]
impl ReplayTable {
    /// Creates a table in the memory of this process.
    ///
    /// Requests that were signed before the table was created are rejected. The process may have accepted
    /// them before a restart, and a new table does not contain their nonces.
    ///
    /// Settings:
    ///
    /// - `requests_per_second`: The expected number of requests per second. Value: a whole number of requests from 1 to 4294967295. Default: `200`.
    /// - `window`: The maximum lifetime of a nonce, which is the sum of the past and future windows. Value: a whole number of seconds from 0 to 4294967295. Default: `600`.
    /// - `accept_older`: Accepts requests that were signed before the table was created. Value: true or false. Default: `False`.
    #[staticmethod]
    #[pyo3(
        signature = (requests_per_second=None, window=None, **settings),
        text_signature = "(requests_per_second=200, window=600, *, accept_older=False)"
    )]
    fn heap<'py>(
        py: Python<'py>,
        requests_per_second: Option<&Bound<'py, PyAny>>,
        window: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let named = [("requests_per_second", requests_per_second), ("window", window)];
        let given = Settings::checked("replay_table", settings, &present(&named), py)?;
        let load = given.get("requests_per_second")?;
        Self::on_heap(py, load, given.get("window")?, given.flag("accept_older")?)
    }
    /// Opens or creates a table in a file that all processes of this host map into memory. Together, all
    /// workers accept a request only once, even across restarts. Without `path`, the file is in the default
    /// directory and is named after the `service`.
    ///
    /// Settings:
    ///
    /// - `requests_per_second`: The expected number of requests per second. Value: a whole number of requests from 1 to 4294967295. Default: `200`.
    /// - `window`: The maximum lifetime of a nonce, which is the sum of the past and future windows. Value: a whole number of seconds from 0 to 4294967295. Default: `600`.
    /// - `path`: The replay file. Value: a file path. Default: from the service.
    /// - `service`: The service name that is part of the default file name. Value: a string.
    #[staticmethod]
    #[pyo3(
        signature = (path=None, **settings),
        text_signature = "(path=None, *, service=None, requests_per_second=200, window=600)"
    )]
    fn mapped<'py>(
        py: Python<'py>,
        path: Option<&Bound<'py, PyAny>>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let given = Settings::checked("replay_file", settings, &present(&[("path", path)]), py)?;
        let (load, window) = (given.get("requests_per_second")?, given.get("window")?);
        let path = match (given.get::<PathBuf>("path")?, given.get::<String>("service")?) {
            (Some(path), None) => path,
            (None, Some(service)) => {
                default_path(&service).map_err(|error| errors::config_error(py, &error))?
            }
            _ => {
                let advice = "path: pass the path of the table, or else the service's name";
                return Err(errors::config_error(py, &advice));
            }
        };
        let table = MappedTable::open(path, table_slots(load, window))
            .map_err(|error| errors::config_error(py, &error))?;
        Ok(Self::of_mapped(table))
    }

    /// Claims a key of `Proven` until `expires`, in Unix seconds. Returns `True` for a new key, `False` for
    /// a key that was claimed before, and `None` if the table is full. This method is for stores that
    /// combine a shared store with a local table.
    fn claim(&self, key: &[u8], expires: Natural) -> Option<bool> {
        match self.store.claim(&self.entry(key), expires.0, now_s()) {
            Outcome::First => Some(true),
            Outcome::Seen => Some(false),
            Outcome::Full | Outcome::ShareExceeded | Outcome::Expired | Outcome::Unavailable => None,
        }
    }

    /// Returns whether a key is claimed, without claiming it.
    fn seen(&self, key: &[u8]) -> bool {
        self.store.seen(&self.entry(key), now_s())
    }

    /// The path of a mapped table.
    #[getter]
    fn path(&self) -> Option<&std::path::Path> {
        self.path.as_deref()
    }

    /// The type of the table: `heap` or `mapped`.
    #[getter]
    fn backend(&self) -> &'static str {
        self.backend
    }

    /// The number of slots. Some claims are rejected before all slots are in use.
    #[getter]
    fn slots(&self) -> usize {
        self.slots
    }

    /// The size of the table in bytes.
    #[getter]
    fn memory(&self) -> usize {
        memory_bytes(self.slots)
    }

    /// Removes all nonces. Earlier requests are then accepted again, so use it only in tests. Raises
    /// `ConfigError` for a mapped table, because other processes need its nonces.
    fn clear(&self, py: Python<'_>) -> PyResult<()> {
        if self.store.clear() {
            return Ok(());
        }
        Err(errors::config_error(py, &"replay: only a table of this process can be cleared"))
    }

    /// Returns the share of slots in use, from 0.0 to 1.0. The value is estimated from a sample of the slots.
    fn fill(&self) -> f64 {
        let fill = self.store.fill(now_s());
        let part = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        if fill.slots == 0 { 0.0 } else { part(fill.live) / part(fill.slots) }
    }

    fn __repr__(&self) -> String {
        format!("<ReplayTable on the {} with {} slots>", self.backend, self.slots)
    }
}

impl ReplayTable {
    /// Creates a table in the memory of this process.
    fn on_heap(
        py: Python<'_>,
        requests_per_second: Option<u32>,
        window: Option<u32>,
        accept_older: bool,
    ) -> PyResult<Self> {
        let slots = table_slots(requests_per_second, window);
        let key = random_bytes().map_err(|error| errors::config_error(py, &error))?;
        let table =
            ProcessTable::new(slots, key, now_s()).map_err(|error| errors::config_error(py, &error))?;
        let table = if accept_older { table.accept_older() } else { table };
        Ok(Self { store: Arc::new(table), backend: "heap", slots, path: None })
    }

    /// Converts a key of `Proven` to an entry of the table. The key is a hash that includes the sender, so
    /// the entry's sender is empty. It cannot equal an entry of a verifier, because those have a sender.
    fn entry(&self, key: &[u8]) -> Entry {
        self.store.locate(Nonce { sender: "", nonce: key })
    }

    fn of_mapped(table: MappedTable) -> Self {
        let (slots, path) = (table.slots(), Some(table.path().to_owned()));
        Self { store: Arc::new(table), backend: "mapped", slots, path }
    }
}

/// Returns the replay store for a verifier's setting `replay`. It is the given table, a new heap table for
/// `"heap"`, or by default a mapped file. The file is named after the service, or after a hash of the
/// client ids if the service has no name.
pub(crate) fn chosen(
    py: Python<'_>,
    replay: Option<&Bound<'_, PyAny>>,
    external: bool,
    policy: &Policy,
    ring: &SharedRing,
    has_clock: bool,
) -> PyResult<Option<Arc<dyn ReplayStore>>> {
    let wrong = |advice: &str| Err(errors::config_error(py, &format!("replay: {advice}")));
    match replay {
        Some(_) if external => wrong("pass a table, or external_replay_store, not both"),
        None if external || !claims(policy) => Ok(None),
        None if has_clock => Err(errors::config_error(py, &clock_conflict())),
        None => {
            let names = ring.status().into_iter().map(|key| key.name);
            let name = default_name(policy.service.as_str(), names);
            let table = MappedTable::open_default(&name, default_table_slots(longest_window(policy)));
            table
                .map(|table| Some(Arc::new(table) as _))
                .map_err(|error| errors::config_error(py, &format!("replay: {error}")))
        }
        Some(given) => {
            if let Ok(table) = given.cast::<ReplayTable>() {
                Ok(Some(table.get().store.clone()))
            } else if given.extract::<&str>().is_ok_and(|text| text == "heap") {
                Ok(Some(ReplayTable::on_heap(py, None, longest_window(policy), false)?.store))
            } else {
                wrong(r#"pass "heap", a ReplayTable, or omit it for a file that all workers share"#)
            }
        }
    }
}

/// Returns `true` if requests in one of the accepted schemes have a nonce to claim.
fn claims(policy: &Policy) -> bool {
    policy.claim_pairwise || policy.schemes.into_iter().flatten().any(|scheme| scheme != Scheme::Pairwise)
}

/// Returns the longest time, in seconds, for which a nonce must be stored.
fn longest_window(policy: &Policy) -> Option<u32> {
    let windows = policy.schemes.into_iter().flatten().map(|scheme| policy.window(scheme));
    let longest = windows.map(|window| window.past_ms.saturating_add(window.future_ms).div_ceil(1000)).max();
    longest.and_then(|seconds| u32::try_from(seconds).ok())
}
