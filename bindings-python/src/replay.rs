//! Where claimed nonces are remembered.

use std::path::PathBuf;
use std::sync::Arc;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use sealwire_core::replay::{Entry, Nonce, Outcome, ReplayStore, memory_bytes};
use sealwire_host::mapped::{MappedTable, default_path};
use sealwire_host::{ProcessTable, now_ms, now_s, random_bytes, table_slots};

use crate::errors;
use crate::numbers::Natural;

/// A replay table: a request passes once, in this process (`heap`) or in every process of this host (`mapped`).
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct ReplayTable {
    pub(crate) store: Arc<dyn ReplayStore>,
    backend: &'static str,
    slots: usize,
}

#[pymethods]
impl ReplayTable {
    /// A table of this process alone, gone with it.
    ///
    /// Requests signed before it existed are refused, since it cannot know whether they passed before a restart;
    /// `accept_older` lets them pass. Without a size there is room for 200 requests a second. `window` is in seconds,
    /// the past and the future one added.
    #[staticmethod]
    #[pyo3(signature = (requests_per_second=None, window=None, *, accept_older=false))]
    pub(crate) fn heap(
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
        Ok(Self { store: Arc::new(table), backend: "heap", slots })
    }

    /// A table in a file that every process of this host maps, so that a request passes once among all workers and
    /// across restarts. Without a `path` it lies in the runtime directory, named for the `service`.
    #[staticmethod]
    #[pyo3(signature = (path=None, *, service=None, requests_per_second=None, window=None))]
    fn mapped(
        py: Python<'_>,
        path: Option<PathBuf>,
        service: Option<&str>,
        requests_per_second: Option<u32>,
        window: Option<u32>,
    ) -> PyResult<Self> {
        let path = match (path, service) {
            (Some(path), None) => path,
            (None, Some(service)) => {
                default_path(service).map_err(|error| errors::config_error(py, &error))?
            }
            _ => return Err(PyTypeError::new_err("give the path of the table, or else the service's name")),
        };
        let table = MappedTable::open(path, table_slots(requests_per_second, window))
            .map_err(|error| errors::config_error(py, &error))?;
        let slots = table.slots();
        Ok(Self { store: Arc::new(table), backend: "mapped", slots })
    }

    /// Claims a key of `Proven` until `expires`, in Unix seconds: `True` when it is new, `False` when it was claimed
    /// before, `None` when the table is full. For stores that keep a table beside the one that hosts share.
    fn claim(&self, key: &[u8], expires: Natural) -> Option<bool> {
        match self.store.claim(&self.entry(key), expires.0, now_ms() / 1000) {
            Outcome::First => Some(true),
            Outcome::Seen => Some(false),
            Outcome::Full | Outcome::Unavailable => None,
        }
    }

    /// Whether a key is claimed; looks without claiming.
    fn seen(&self, key: &[u8]) -> bool {
        self.store.seen(&self.entry(key), now_ms() / 1000)
    }

    /// `heap` or `mapped`.
    #[getter]
    fn backend(&self) -> &'static str {
        self.backend
    }

    /// How many nonces there is room for; claims begin to be refused some way before.
    #[getter]
    fn slots(&self) -> usize {
        self.slots
    }

    /// The memory it takes, in bytes.
    #[getter]
    fn memory(&self) -> usize {
        memory_bytes(self.slots)
    }

    /// The part of it in use now, 0.0 to 1.0, estimated from a sample.
    fn fill(&self) -> f64 {
        let fill = self.store.fill(now_ms() / 1000);
        let part = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        if fill.slots == 0 { 0.0 } else { part(fill.live) / part(fill.slots) }
    }

    fn __repr__(&self) -> String {
        format!("<ReplayTable on the {} with {} slots>", self.backend, self.slots)
    }
}

impl ReplayTable {
    /// The key tells senders apart already, and has a room of its own: no sender's name is empty.
    fn entry(&self, key: &[u8]) -> Entry {
        self.store.locate(Nonce { sender: "", nonce: key })
    }
}
