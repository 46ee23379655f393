//! Who sent a request.

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString};
use sealwire_core::Identity as CoreIdentity;

/// Who sent a request, as verified.
#[pyclass(frozen, eq, hash, module = "sealwire")]
#[derive(PartialEq, Eq, Hash)]
pub(crate) struct Identity {
    /// The sender: a service name or a client id.
    #[pyo3(get)]
    sender: String,
    scheme: sealwire_core::Scheme,
    /// The key version that matched.
    #[pyo3(get)]
    key_version: u32,
    /// The user the request is made for: signed under `message`, trusted by choice under `pairwise`, else `None`.
    #[pyo3(get)]
    user_id: Option<String>,
    /// The nonce or request id; `None` where nothing is claimed.
    #[pyo3(get)]
    nonce: Option<String>,
    /// How old the request was, in milliseconds; negative when its clock ran ahead.
    #[pyo3(get)]
    age_ms: i64,
}

impl From<CoreIdentity<'_>> for Identity {
    fn from(identity: CoreIdentity<'_>) -> Self {
        Self {
            sender: identity.sender.into(),
            scheme: identity.scheme,
            key_version: identity.key_version,
            user_id: identity.user_id.map(Into::into),
            nonce: identity.nonce.map(Into::into),
            age_ms: identity.age_ms,
        }
    }
}

#[pymethods]
impl Identity {
    /// The scheme that proved it.
    #[getter]
    fn scheme(&self) -> &'static str {
        self.scheme.name()
    }

    /// Tells an ASGI application, in `scope["state"]`, who sent the request.
    pub(crate) fn tell(slf: &Bound<'_, Self>, scope: &Bound<'_, PyDict>) -> PyResult<()> {
        let (py, identity) = (slf.py(), slf.get());
        let state = match scope.get_item(intern!(py, "state"))? {
            Some(state) => state,
            None => {
                let state = PyDict::new(py).into_any();
                scope.set_item(intern!(py, "state"), &state)?;
                state
            }
        };
        let sender = PyString::new(py, &identity.sender);
        let user_id = (&identity.user_id).into_pyobject(py)?;
        let known = [
            (intern!(py, "identity"), slf.as_any()),
            (intern!(py, "authenticated_service"), sender.as_any()),
            (intern!(py, "user_id"), user_id.as_any()),
        ];
        // Some servers have a mapping of their own there.
        if let Ok(state) = state.cast::<PyDict>() {
            return known.into_iter().try_for_each(|(name, value)| state.set_item(name, value));
        }
        known.into_iter().try_for_each(|(name, value)| state.set_item(name, value))
    }

    fn __repr__(&self) -> String {
        let user = self.user_id.as_ref().map(|user| format!(" for user {user:?}")).unwrap_or_default();
        format!("<Identity {:?}{user}, {} key {}>", self.sender, self.scheme, self.key_version)
    }
}
