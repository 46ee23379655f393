//! The identity of a request's sender.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use sealwire_core::Identity as CoreIdentity;
use sealwire_core::replay::Nonce;

/// The identity of a request's sender. `bool(identity)` is `True` if the request was verified.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Identity {
    /// Whether the request was verified. It is `False` only for a rejected request that is accepted because
    /// the mode is `observe` or `off`. `sender` is then empty.
    #[pyo3(get)]
    verified: bool,
    /// The canonical name of the sender, which is a service name or a client id. A service name does not
    /// include the suffix `_service`.
    #[pyo3(get)]
    sender: Py<PyString>,
    /// The name of the sender in the request, which the MAC covers. The name is `sender`, optionally
    /// followed by the suffix `_service`.
    #[pyo3(get)]
    name_as_sent: Py<PyString>,
    scheme: sealwire_core::Scheme,
    /// The version of the key that matched the signature.
    #[pyo3(get)]
    key_version: u32,
    /// The id of the user on whose behalf the request was sent, or `None`. The scheme `message` signs this
    /// id. The scheme `pairwise` does not sign it, so it is then reported only with the setting
    /// `trust_unsigned_user_id`.
    #[pyo3(get)]
    user_id: Option<String>,
    /// The nonce or request id that is claimed in the replay store. It is `None` if the scheme claims no nonce.
    #[pyo3(get)]
    nonce: Option<String>,
    /// The age of the request in milliseconds, which is negative if the sender's clock is ahead.
    #[pyo3(get)]
    age_ms: i64,
}

impl Identity {
    pub(crate) fn new(py: Python<'_>, identity: &CoreIdentity<'_>) -> Self {
        let name_as_sent = PyString::new(py, identity.name_as_sent).unbind();
        let is_canonical = identity.sender == identity.name_as_sent;
        let sender = if is_canonical {
            name_as_sent.clone_ref(py)
        } else {
            PyString::new(py, identity.sender).unbind()
        };
        Self {
            verified: true,
            sender,
            name_as_sent,
            scheme: identity.scheme,
            key_version: identity.key_version,
            user_id: identity.user_id.map(Into::into),
            nonce: identity.nonce.map(Into::into),
            age_ms: identity.age_ms,
        }
    }

    /// Returns the nonce that was claimed for this request, if any.
    pub(crate) fn claimed<'a>(&'a self, py: Python<'a>) -> Option<Nonce<'a>> {
        let (sender, nonce) = (self.sender.to_str(py).ok()?, self.nonce.as_deref()?);
        Some(Nonce { sender, nonce: nonce.as_bytes() })
    }

    /// Returns the fields as borrowed values, for comparing and formatting.
    fn view(&self, py: Python<'_>) -> PyResult<CoreIdentity<'_>> {
        Ok(CoreIdentity {
            sender: self.sender.to_str(py)?,
            name_as_sent: self.name_as_sent.to_str(py)?,
            scheme: self.scheme,
            key_version: self.key_version,
            user_id: self.user_id.as_deref(),
            nonce: self.nonce.as_deref(),
            age_ms: self.age_ms,
        })
    }
}

#[pymethods]
impl Identity {
    /// Returns an identity without a sender, for a rejected request that is accepted because the mode is
    /// `observe` or `off`.
    #[staticmethod]
    fn unverified(py: Python<'_>, rejected: &Bound<'_, PyAny>) -> PyResult<Self> {
        let scheme = rejected.getattr(intern!(py, "scheme"))?.extract::<String>()?;
        Ok(Self {
            verified: false,
            sender: PyString::new(py, "").unbind(),
            name_as_sent: PyString::new(py, "").unbind(),
            scheme: sealwire_core::Scheme::from_name(&scheme).unwrap_or(sealwire_core::Scheme::Message),
            key_version: 0,
            user_id: None,
            nonce: None,
            age_ms: 0,
        })
    }

    /// Returns `True` if the request was verified.
    const fn __bool__(&self) -> bool {
        self.verified
    }

    /// The scheme of the verified signature.
    #[getter]
    fn scheme(&self) -> &'static str {
        self.scheme.name()
    }

    /// Stores the identity in `scope["state"]`, where an ASGI application reads it.
    pub(crate) fn apply_to_scope(slf: &Bound<'_, Self>, scope: &Bound<'_, PyDict>) -> PyResult<()> {
        let (py, identity) = (slf.py(), slf.get());
        scope.set_item(intern!(py, "sealwire.identity"), slf)?;
        let state = match scope.get_item(intern!(py, "state"))? {
            Some(state) => state,
            None => {
                let state = PyDict::new(py).into_any();
                scope.set_item(intern!(py, "state"), &state)?;
                state
            }
        };
        let user_id = (&identity.user_id).into_pyobject(py)?;
        let known = [
            (intern!(py, "identity"), slf.as_any()),
            (intern!(py, "authenticated_service"), identity.sender.bind(py).as_any()),
            (intern!(py, "user_id"), user_id.as_any()),
        ];
        // Some servers use a different mapping type for the state.
        if let Ok(state) = state.cast::<PyDict>() {
            return known.into_iter().try_for_each(|(name, value)| state.set_item(name, value));
        }
        known.into_iter().try_for_each(|(name, value)| state.set_item(name, value))
    }

    fn __eq__(&self, py: Python<'_>, other: &Self) -> PyResult<bool> {
        Ok(self.verified == other.verified && self.view(py)? == other.view(py)?)
    }

    fn __hash__(&self, py: Python<'_>) -> PyResult<u64> {
        let CoreIdentity { name_as_sent, scheme, key_version, user_id, nonce, age_ms, .. } = self.view(py)?;
        let hasher = BuildHasherDefault::<DefaultHasher>::default();
        Ok(hasher.hash_one((name_as_sent, scheme, key_version, user_id, nonce, age_ms)))
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let CoreIdentity { sender, scheme, key_version, user_id, .. } = self.view(py)?;
        if !self.verified {
            return Ok("<Identity of an unverified request>".to_owned());
        }
        let user = user_id.map(|user| format!(" for user {user:?}")).unwrap_or_default();
        Ok(format!("<Identity {sender:?}{user}, {scheme} key {key_version}>"))
    }
}
