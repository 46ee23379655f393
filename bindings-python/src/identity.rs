//! Who sent a request.

use pyo3::prelude::*;
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

    fn __repr__(&self) -> String {
        let user = self.user_id.as_ref().map(|user| format!(" for user {user:?}")).unwrap_or_default();
        format!("<Identity {:?}{user}, {} key {}>", self.sender, self.scheme, self.key_version)
    }
}
