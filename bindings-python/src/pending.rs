//! Requests that are partly verified. A `Pending` request has a verified head, and its body is still being
//! received. A `Proven` request has a verified head and body, and its nonce is not claimed yet.

use std::sync::Arc;

use parking_lot::Mutex;
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

/// A request with a verified head, whose body is still being received.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Pending {
    verifier: Arc<Verifier>,
    /// The state of the verification, or `None` after its end. The lock is never held while the thread
    /// waits for the interpreter. The state is boxed, because it is larger than a kilobyte, which makes
    /// moving it slow.
    state: Mutex<Option<Box<sealwire_core::Pending>>>,
    /// The identity from an earlier verifier, if any. The earlier verifier has already accepted this request
    /// and claimed its nonce.
    earlier: Option<Py<Identity>>,
}

/// A request with a verified head and body, whose nonce is not claimed yet.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Proven {
    verifier: Arc<Verifier>,
    proven: sealwire_core::Proven,
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
        let mut pending = Box::new(sealwire_core::Pending::idle());
        let claimed = earlier.as_ref().and_then(|earlier| earlier.get().claimed(py));
        let begun = verifier.begin_routed_into(&mut pending, request, route, claimed, now_ms);
        begun.map_err(|rejected| errors::rejected(py, &rejected))?;
        Ok(Self { verifier: verifier.clone(), state: Mutex::new(Some(pending)), earlier })
    }

    /// Calls `work` with the state, and releases the interpreter if many bytes are hashed. `hashed` is the
    /// number of bytes that `work` hashes. Returns an error if the verification has ended.
    fn with<T: Send>(
        &self,
        py: Python<'_>,
        hashed: usize,
        work: impl FnOnce(&mut Option<Box<sealwire_core::Pending>>) -> Option<Result<T, Rejection>> + Send,
    ) -> PyResult<T> {
        let locked = || work(&mut self.state.lock());
        let done = if hashed < DETACH_FROM_BYTES { locked() } else { py.detach(locked) };
        let done = done.ok_or_else(|| PyRuntimeError::new_err("this verification is over; begin another"))?;
        done.map_err(|rejected| errors::rejected(py, &rejected))
    }

    /// Verifies the body after its last part was added. `chunk` is the last part, if any.
    fn proven(&self, py: Python<'_>, chunk: Option<&Bound<'_, PyAny>>) -> PyResult<sealwire_core::Proven> {
        let chunk = Body::read(chunk)?;
        let chunk = chunk.as_bytes();
        self.with(py, chunk.len(), |state| {
            let mut pending = state.take()?;
            let updated = self.verifier.update(&mut pending, chunk);
            Some(updated.and_then(|()| self.verifier.finish_in_place(&mut pending)))
        })
    }
}

#[pymethods]
impl Pending {
    /// Whether the signature covers the body. If not, the body does not have to be received.
    #[getter]
    fn reads_body(&self) -> bool {
        let state = self.state.lock();
        state.as_ref().is_some_and(|pending| pending.reads_body())
    }

    /// Adds the next part of the body. Raises `Rejected` if the body is too large, or if the signature must
    /// cover the body and does not. This exception ends the verification.
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

    /// Ends the verification because the body did not arrive in time. Always raises `Rejected`.
    fn time_out(&self, py: Python<'_>) -> PyResult<()> {
        self.with(py, 0, |state| Some(Err(self.verifier.expire(&mut *state.take()?))))
    }

    /// Adds the last part of the body, verifies the body and claims the nonce in the verifier's replay table.
    /// Returns the identity of the sender.
    #[pyo3(signature = (chunk=None, now_ms=None))]
    fn finish(
        &self,
        py: Python<'_>,
        chunk: Option<&Bound<'_, PyAny>>,
        now_ms: Option<Natural>,
    ) -> PyResult<Identity> {
        let proven = self.proven(py, chunk)?;
        let now_ms = now_ms.map_or_else(|| self.verifier.now_ms(), |Natural(given)| given);
        let claimed = self.earlier.as_ref().and_then(|earlier| earlier.get().claimed(py));
        let verdict = match claimed {
            None => self.verifier.claim(&proven, now_ms),
            Some(claimed) => self.verifier.claim_again(&proven, claimed, now_ms),
        };
        accepted(py, verdict)
    }

    /// Like `finish`, but takes the body from an ASGI message, and stores the identity in the scope.
    /// `message` is `None` if the body was not received. If the message does not contain the complete body,
    /// does nothing and returns `None`.
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

    /// Adds the last part of the body and verifies the body. The caller must then claim the nonce in a shared
    /// store.
    #[pyo3(signature = (chunk=None))]
    fn prove(&self, py: Python<'_>, chunk: Option<&Bound<'_, PyAny>>) -> PyResult<Proven> {
        Ok(Proven { proven: self.proven(py, chunk)?, verifier: self.verifier.clone() })
    }
}

#[pymethods]
impl Proven {
    /// The 32-byte key under which a shared store records the nonce, or `None` if there is no nonce to
    /// claim.
    #[getter]
    fn key<'py>(&self, py: Python<'py>) -> Option<Bound<'py, PyBytes>> {
        self.proven.shared_key().map(|key| PyBytes::new(py, &key))
    }

    /// The time until which the store must keep the key, in Unix seconds.
    #[getter]
    fn expires(&self) -> u64 {
        self.proven.expires_s()
    }

    /// Claims the nonce in the verifier's replay table and returns the identity of the sender.
    #[pyo3(signature = (now_ms=None))]
    fn claim(&self, py: Python<'_>, now_ms: Option<Natural>) -> PyResult<Identity> {
        accepted(
            py,
            self.verifier
                .claim(&self.proven, now_ms.map_or_else(|| self.verifier.now_ms(), |Natural(given)| given)),
        )
    }

    /// Accepts or rejects the request. `first` is the result of the claim in a shared store: `True` for a new
    /// key, `False` for a key that was claimed before, and `None` if the store cannot decide.
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
                now_ms.map_or_else(|| self.verifier.now_ms(), |Natural(given)| given),
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
