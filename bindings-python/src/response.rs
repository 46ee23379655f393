//! Signs and verifies responses.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use sealwire_core::Exchange;
use sealwire_core::{AcceptedSchemes, Header, Rejection, Request, Scheme};
use sealwire_host::SharedRing;

use crate::errors;
use crate::words::header_name;

/// Information from the signature of a verified response.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct VerifiedResponse(sealwire_core::VerifiedResponse);

#[pymethods]
impl VerifiedResponse {
    /// The time when the server signed the response, in Unix seconds.
    #[getter]
    fn server_time(&self) -> u64 {
        self.0.server_time_s
    }

    /// The version of the key that signed the response.
    #[getter]
    fn key_version(&self) -> u32 {
        self.0.key_version
    }

    fn __repr__(&self) -> String {
        format!("<VerifiedResponse at {}, key {}>", self.0.server_time_s, self.0.key_version)
    }
}

/// The two parties of a request, and their keys.
pub(crate) struct Parties<'a> {
    pub(crate) caller: &'a str,
    pub(crate) service: &'a str,
    pub(crate) ring: &'a SharedRing,
}

impl Parties<'_> {
    /// Signs a response. Returns the names and values of the headers to add.
    pub(crate) fn sign<'py>(
        &self,
        py: Python<'py>,
        scheme: &str,
        request: &Request<'_>,
        status: u16,
        body: &[u8],
        now_ms: u64,
    ) -> PyResult<Bound<'py, PyDict>> {
        let signed = PyDict::new(py);
        let mut outcome = Ok(());
        self.emit(py, scheme, request, status, body, now_ms, |name, value| {
            let put = || signed.set_item(header_name(py, name), value);
            outcome = std::mem::replace(&mut outcome, Ok(())).and_then(|()| put());
        })?;
        outcome.map(|()| signed)
    }

    /// Like [`Parties::sign`], but returns the headers in ASGI form: pairs of bytes with lower-case names.
    pub(crate) fn sign_asgi<'py>(
        &self,
        py: Python<'py>,
        scheme: &str,
        request: &Request<'_>,
        status: u16,
        body: &[u8],
        now_ms: u64,
    ) -> PyResult<Bound<'py, PyList>> {
        let signed = PyList::empty(py);
        let mut outcome = Ok(());
        self.emit(py, scheme, request, status, body, now_ms, |name, value| {
            let name = PyBytes::new(py, name.to_ascii_lowercase().as_bytes());
            let put = || signed.append((name, PyBytes::new(py, value.as_bytes())));
            outcome = std::mem::replace(&mut outcome, Ok(())).and_then(|()| put());
        })?;
        outcome.map(|()| signed)
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of a response and its request")]
    fn emit(
        &self,
        py: Python<'_>,
        scheme: &str,
        request: &Request<'_>,
        status: u16,
        body: &[u8],
        now_ms: u64,
        emit: impl FnMut(&'static str, &str),
    ) -> PyResult<()> {
        let scheme = Scheme::from_name(scheme)
            .ok_or_else(|| errors::sign_error(py, &format!("{scheme:?} is not a scheme of requests")))?;
        let ring = self.ring.load();
        self.exchange(&**ring, scheme, request)
            .sign(status, body, now_ms, emit)
            .map_err(|error| errors::sign_error(py, &error))
    }

    /// Verifies the response to a request that was signed in `schemes`. The server signs the response with
    /// the scheme of the request signature that it verified. The caller does not know this scheme, so each
    /// scheme is tried.
    pub(crate) fn verify(
        &self,
        py: Python<'_>,
        schemes: AcceptedSchemes,
        request: &Request<'_>,
        status: u16,
        headers: &[Header<'_>],
        body: &[u8],
    ) -> PyResult<VerifiedResponse> {
        let ring = self.ring.load();
        let mut first: Option<Rejection> = None;
        for scheme in schemes.into_iter().flatten() {
            match self.exchange(&**ring, scheme, request).verify(status, headers, body) {
                Ok(answered) => return Ok(VerifiedResponse(answered)),
                Err(rejected) => first = first.or(Some(rejected)),
            }
        }
        Err(first.map_or_else(
            || errors::sign_error(py, &"the signer has no scheme"),
            |rejected| errors::rejected(py, &rejected),
        ))
    }

    fn exchange<'e, K>(&'e self, keys: &'e K, scheme: Scheme, request: &Request<'e>) -> Exchange<'e, K> {
        Exchange { caller: self.caller, service: self.service, keys, scheme, request: *request }
    }
}
