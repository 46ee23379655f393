//! Signing requests.

use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use sealwire_core::{Request, SignError, Signing};
use sealwire_host::{Url, fresh_nonce};

use crate::body::{Body, detached};
use crate::errors;
use crate::headers::{Headers, Held};
use crate::key_ring::KeyRing;

/// Signs requests as `name`, in one scheme or several at once. Made once, used from any thread.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Signer {
    signer: sealwire_host::Signer,
}

#[pymethods]
impl Signer {
    #[new]
    #[pyo3(signature = (name, keys, *, schemes=Vec::new(), cover_authority=true, cover=Vec::new()))]
    #[expect(clippy::needless_pass_by_value, reason = "pyo3 hands extracted arguments over")]
    fn new(
        py: Python<'_>,
        name: String,
        keys: &KeyRing,
        schemes: Vec<String>,
        cover_authority: bool,
        cover: Vec<String>,
    ) -> PyResult<Self> {
        let schemes =
            sealwire_host::schemes("schemes", &schemes).map_err(|error| errors::config_error(py, &error))?;
        let cover_fields = cover.iter().map(|field| field.to_ascii_lowercase()).collect();
        Ok(Self {
            signer: sealwire_host::Signer {
                name,
                ring: keys.0.clone(),
                schemes,
                cover_authority,
                cover_fields,
            },
        })
    }

    /// Signs a request and returns the headers to send with it, by name.
    ///
    /// `url` is an absolute URL, or a path with its query, as it is sent: percent-encoded, without a fragment.
    /// `receiver` is the service called, needed wherever a pair's key signs. `body` holds the very bytes sent.
    /// `nonce` and `now_ms`, Unix milliseconds, are for tests and replays of records; both have fresh defaults.
    #[pyo3(signature = (method, url, headers=None, body=None, receiver="", user_id=None, nonce=None, now_ms=None))]
    #[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
    fn sign<'py>(
        &self,
        py: Python<'py>,
        method: &Bound<'py, PyAny>,
        url: &Bound<'py, PyAny>,
        headers: Option<&Bound<'py, PyAny>>,
        body: Option<&Bound<'py, PyAny>>,
        receiver: &str,
        user_id: Option<&str>,
        nonce: Option<&str>,
        now_ms: Option<u64>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let (method, url) = (Held::new(method)?, Held::new(url)?);
        if !url.as_bytes().is_ascii() {
            // How a client would send such text differs from client to client.
            return Err(errors::sign_error(py, &SignError::Target));
        }
        let (headers, body) = (Headers::read(headers)?, Body::read(body)?);
        let (headers, body) = (headers.view(), body.as_bytes());
        let url = Url::split(url.as_bytes(), &headers);
        let request = Request {
            method: method.as_bytes(),
            target: url.target,
            authority: url.authority,
            scheme: url.scheme,
            headers: &headers,
        };
        let fresh = fresh_nonce().map_err(|error| errors::sign_error(py, &error))?;
        let nonce = nonce.unwrap_or_else(|| fresh.as_str());
        let signing =
            Signing { receiver, body, user_id, nonce, now_ms: now_ms.unwrap_or_else(sealwire_host::now_ms) };
        let signed = PyDict::new(py);
        if body.len() < crate::body::DETACH_FROM_BYTES {
            let mut failed = None;
            let result = self.signer.sign(&request, &signing, |name, value| {
                failed = failed.take().or(signed.set_item(PyString::intern(py, name), value).err());
            });
            result.map_err(|error| errors::sign_error(py, &error))?;
            return failed.map_or(Ok(signed), Err);
        }
        let emitted = detached(py, body.len(), || {
            let mut emitted = Vec::new();
            let result =
                self.signer.sign(&request, &signing, |name, value| emitted.push((name, value.to_owned())));
            result.map(|()| emitted)
        });
        for (name, value) in emitted.map_err(|error| errors::sign_error(py, &error))? {
            signed.set_item(PyString::intern(py, name), value)?;
        }
        Ok(signed)
    }

    /// The sender's name.
    #[getter]
    fn name(&self) -> &str {
        &self.signer.name
    }

    /// The schemes it signs in.
    #[getter]
    fn schemes(&self) -> Vec<&'static str> {
        self.signer.schemes.into_iter().flatten().map(sealwire_core::Scheme::name).collect()
    }

    fn __repr__(&self) -> String {
        format!("<Signer {:?}, {}>", self.signer.name, self.schemes().join(" + "))
    }
}
