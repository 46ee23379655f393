//! Where claimed nonces are remembered.

use std::sync::Arc;

use pyo3::prelude::*;
use sealwire_core::replay::{HeapTable, ReplayStore, memory_bytes, slots_for};
use sealwire_host::{now_ms, random_bytes};

use crate::errors;

/// Room for this many requests a second where nobody said how many there are: a megabyte.
const USUAL_REQUESTS_PER_SECOND: u32 = 200;

/// A replay table: a request passes once, in this process (`heap`) or in every process of this host (`mapped`).
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct ReplayTable {
    pub(crate) store: Arc<dyn ReplayStore>,
    home: &'static str,
    slots: usize,
}

#[pymethods]
impl ReplayTable {
    /// A table of this process alone, gone with it.
    ///
    /// Requests signed before it existed are refused, since it cannot know whether they passed before a restart;
    /// `accept_older` lets them pass. `window` is the past window in seconds, with the future one added.
    #[staticmethod]
    #[pyo3(signature = (requests_per_second=USUAL_REQUESTS_PER_SECOND, window=None, *, accept_older=false))]
    pub(crate) fn heap(
        py: Python<'_>,
        requests_per_second: u32,
        window: Option<u32>,
        accept_older: bool,
    ) -> PyResult<Self> {
        let slots = slots(requests_per_second, window);
        let key = random_bytes().map_err(|error| errors::config_error(py, &error))?;
        let table = HeapTable::new(slots, key, now_ms() / 1000);
        let table = if accept_older { table.accept_older() } else { table };
        Ok(Self { store: Arc::new(table), home: "heap", slots })
    }

    /// `heap` or `mapped`.
    #[getter]
    fn home(&self) -> &'static str {
        self.home
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
        format!("<ReplayTable on the {} with {} slots>", self.home, self.slots)
    }
}

fn slots(requests_per_second: u32, window: Option<u32>) -> usize {
    let usual = sealwire_core::Window::DEFAULT;
    let usual = (usual.past_ms + usual.future_ms) / 1000;
    slots_for(requests_per_second, window.unwrap_or_else(|| u32::try_from(usual).unwrap_or(u32::MAX)))
}
