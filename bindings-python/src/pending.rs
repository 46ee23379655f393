//! A verification between a request's head and the end of its body, and a claim between proof and acceptance.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use sealwire_core::replay::Outcome;
use sealwire_core::{Rejection, Request, Route};
use sealwire_host::Verifier;

use crate::body::{Body, DETACH_FROM_BYTES};
use crate::errors;
use crate::identity::Identity;
use crate::numbers::Natural;

/// A request whose head is in order and whose body is still to come.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Pending {
    verifier: Arc<Verifier>,
    /// `None` once the verification is over. Locked only while hashing, and never while waiting for the interpreter.
    /// On the heap from the start, since it is more than a kilobyte.
    state: Mutex<Option<Box<sealwire_core::Pending>>>,
    /// The result of another verifier that has accepted this very request, and claimed its nonce.
    earlier: Option<Py<Identity>>,
}

/// A request that is proven, head and body, and still has to claim its nonce.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Proven {
    verifier: Arc<Verifier>,
    proven: sealwire_core::Proven,
}

thread_local! {
    /// The last one that was over, for the next to begin in: one of this size takes malloc's slow path.
    static SPARE: Cell<Option<Box<sealwire_core::Pending>>> = const { Cell::new(None) };
}

impl Pending {
    pub(crate) fn begin(
        py: Python<'_>,
        verifier: &Arc<Verifier>,
        request: &Request<'_>,
        route: Route<'_>,
        now_ms: u64,
        earlier: Option<Py<Identity>>,
    ) -> PyResult<Self> {
        let mut pending = SPARE.take().unwrap_or_else(|| Box::new(sealwire_core::Pending::idle()));
        let claimed = earlier.as_ref().and_then(|earlier| earlier.get().claimed(py));
        let begun = verifier.begin_routed_into(&mut pending, request, route, claimed, now_ms);
        begun.map_err(|rejected| errors::rejected(py, &rejected))?;
        Ok(Self { verifier: verifier.clone(), state: Mutex::new(Some(pending)), earlier })
    }

    /// Does `work` to the state, if the verification is not over.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        hashed: usize,
        work: impl FnOnce(&mut Option<Box<sealwire_core::Pending>>) -> Option<Result<T, Rejection>> + Send,
    ) -> PyResult<T> {
        let locked = || work(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner));
        let done = if hashed < DETACH_FROM_BYTES { locked() } else { py.detach(locked) };
        let done = done.ok_or_else(|| PyRuntimeError::new_err("this verification is over; begin another"))?;
        done.map_err(|rejected| errors::rejected(py, &rejected))
    }

    /// Ends the body with its last piece.
    fn proven(&self, py: Python<'_>, chunk: Option<&Bound<'_, PyAny>>) -> PyResult<sealwire_core::Proven> {
        let chunk = Body::read(chunk)?;
        let chunk = chunk.as_bytes();
        self.with(py, chunk.len(), |state| {
            let mut pending = state.take()?;
            let updated = self.verifier.update(&mut pending, chunk);
            let proven = updated.and_then(|()| self.verifier.finish_in_place(&mut pending));
            // A verification that ended early still contains key material, which drop wipes.
            proven.is_ok().then(|| SPARE.set(Some(pending)));
            Some(proven)
        })
    }
}

#[pymethods]
impl Pending {
    /// Whether the body is verified. If not, it need not be read.
    #[getter]
    fn reads_body(&self) -> bool {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.as_ref().is_some_and(|pending| pending.reads_body())
    }

    /// Takes the next piece of the body. `Rejection` ends the verification: the body is too large, or was not signed.
    fn update(&self, py: Python<'_>, chunk: &Bound<'_, PyAny>) -> PyResult<()> {
        let chunk = Body::read(Some(chunk))?;
        let chunk = chunk.as_bytes();
        self.with(py, chunk.len(), |state| {
            let updated = self.verifier.update(state.as_mut()?, chunk);
            if updated.is_err() {
                *state = None;
            }
            Some(updated)
        })
    }

    /// Ends a verification whose body did not arrive in time: raises `Rejected`.
    fn time_out(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, 0, |state| Some(Err(self.verifier.expire(&mut *state.take()?))))
    }

    /// Takes the last piece of the body, claims the nonce in the verifier's replay table, and says who sent the request.
    #[pyo3(signature = (chunk=None, now_ms=None))]
    fn finish(
        &self,
        py: Python<'_>,
        chunk: Option<&Bound<'_, PyAny>>,
        now_ms: Option<Natural>,
    ) -> PyResult<Identity> {
        let proven = self.proven(py, chunk)?;
        let now_ms = now_ms.map_or_else(sealwire_host::now_ms, |Natural(given)| given);
        let claimed = self.earlier.as_ref().and_then(|earlier| earlier.get().claimed(py));
        let verdict = match claimed {
            None => self.verifier.claim(&proven, now_ms),
            Some(claimed) => self.verifier.claim_again(&proven, claimed, now_ms),
        };
        accepted(py, verdict)
    }

    /// `finish` with a message of an ASGI server, and `Identity.apply_to_scope` for its scope. `message` is `None` if the body
    /// was not read. Returns `None`, and changes nothing, for a message that does not end the body.
    fn finish_asgi<'py>(
        &self,
        py: Python<'py>,
        message: Option<&Bound<'py, PyAny>>,
        scope: &Bound<'py, PyDict>,
    ) -> PyResult<Option<Bound<'py, Identity>>> {
        let Some(body) = message.map_or(Ok(Some(None)), crate::asgi::whole_body)? else { return Ok(None) };
        let identity = Bound::new(py, self.finish(py, body.as_ref(), None)?)?;
        Identity::apply_to_scope(&identity, scope)?;
        Ok(Some(identity))
    }

    /// Takes the last piece of the body, and leaves the claim to a store that hosts share.
    #[pyo3(signature = (chunk=None))]
    fn prove(&self, py: Python<'_>, chunk: Option<&Bound<'_, PyAny>>) -> PyResult<Proven> {
        Ok(Proven { proven: self.proven(py, chunk)?, verifier: self.verifier.clone() })
    }
}

#[pymethods]
impl Proven {
    /// The nonce's key in a store that hosts share, 32 bytes; `None` where nothing is to be claimed.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.proven.shared_key().map(|key| PyBytes::new(py, &key))
    }

    /// Until when the key must be kept, in Unix seconds.
    #[getter]
    fn expires(&self) -> u64 {
        self.proven.expires_s()
    }

    /// Claims the nonce in the verifier's own replay table.
    #[pyo3(signature = (now_ms=None))]
    fn claim(&self, py: Python<'_>, now_ms: Option<Natural>) -> PyResult<Identity> {
        accepted(
            py,
            self.verifier
                .claim(&self.proven, now_ms.map_or_else(sealwire_host::now_ms, |Natural(given)| given)),
        )
    }

    /// Accepts or rejects the request with the result of a shared store: `True` if the key was new, `False` if
    /// it was not, `None` if the store did not respond.
    #[pyo3(signature = (first, now_ms=None))]
    fn settle(&self, py: Python<'_>, first: Option<bool>, now_ms: Option<Natural>) -> PyResult<Identity> {
        let outcome = match first {
            Some(true) => Outcome::First,
            Some(false) => Outcome::Seen,
            None => Outcome::Unavailable,
        };
        accepted(
            py,
            self.verifier.settle(
                &self.proven,
                outcome,
                now_ms.map_or_else(sealwire_host::now_ms, |Natural(given)| given),
            ),
        )
    }
}

pub(crate) fn accepted(
    py: Python<'_>,
    verdict: Result<sealwire_core::Identity<'_>, Rejection>,
) -> PyResult<Identity> {
    match verdict {
        Ok(identity) => Ok(Identity::new(py, &identity)),
        Err(rejected) => Err(errors::rejected(py, &rejected)),
    }
}
