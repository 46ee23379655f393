//! Connection strings, which are the tokens of the API gateway.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyString;
use sealwire_core::Reason;
use sealwire_core::connection_string::{
    Beans, ConnectionString as CoreString, Draft, Expiry, MAX_TOKEN_BYTES, Permission, Role, Timestamp, Uuid,
};
use sealwire_core::keys::KeySource;
use sealwire_host::now_ms;

use crate::errors;
use crate::headers::Held;
use crate::key_ring::KeyRing;
use crate::numbers::Natural;

/// The parsed contents of a connection string.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct ConnectionString {
    account: Uuid,
    expires: Timestamp,
    roles: Vec<(String, u8)>,
    tenant: Option<Uuid>,
    subscription: Option<Uuid>,
    /// The version of the key that signed the token.
    #[pyo3(get)]
    key_version: Option<u32>,
    /// Whether the MAC was verified. `inspect` does not verify the MAC, so do not use its result for access
    /// decisions.
    #[pyo3(get)]
    verified: bool,
}

#[pymethods]
impl ConnectionString {
    /// Verifies the MAC and the expiry of a token. Raises `TokenRejected` if the token is not valid. `now` is
    /// the current time in Unix seconds, by default from the system clock.
    #[staticmethod]
    #[pyo3(signature = (token, keys, now=None, *, check_expiry=true))]
    fn verify(
        py: Python<'_>,
        token: &Bound<'_, PyAny>,
        keys: &KeyRing,
        now: Option<Natural>,
        check_expiry: bool,
    ) -> PyResult<Self> {
        let token = Held::new(token)?;
        let expiry = if check_expiry { Expiry::Checked } else { Expiry::Ignored };
        let ring = keys.0.load();
        let set = ring.issuer().ok_or_else(|| no_issuer(py))?;
        let now_s = now.map_or_else(|| now_ms() / 1000, |Natural(given)| given);
        CoreString::read(token.as_bytes(), |parsed| {
            let verified = parsed?.verify(set, now_s, expiry)?;
            Ok(Self::new(verified.beans(), Some(verified.key_version()), true))
        })
        .map_err(|reason: Reason| errors::token_rejected(py, reason))
    }

    /// Returns the contents of a token without verifying it.
    #[staticmethod]
    fn inspect(py: Python<'_>, token: &Bound<'_, PyAny>) -> PyResult<Self> {
        CoreString::read(Held::new(token)?.as_bytes(), |parsed| {
            let parsed = parsed?;
            Ok(Self::new(parsed.unverified_beans(), parsed.unverified_key_version(), false))
        })
        .map_err(|reason: Reason| errors::token_rejected(py, reason))
    }

    /// Returns a new token that is signed with the primary issuer key.
    ///
    /// `expires` is a `datetime` with a time zone. The ids are `uuid.UUID` or `str`. Each role is a pair of
    /// a name and a permission. The permission is 0 for read or 1 for write. Raises `ValueError` for
    /// invalid contents.
    #[staticmethod]
    #[pyo3(signature = (keys, account, expires, roles=Vec::new(), tenant=None, subscription=None))]
    #[expect(clippy::needless_pass_by_value, reason = "pyo3 passes extracted arguments by value")]
    fn issue(
        py: Python<'_>,
        keys: &KeyRing,
        account: &Bound<'_, PyAny>,
        expires: &Bound<'_, PyAny>,
        roles: Vec<(String, u8)>,
        tenant: Option<&Bound<'_, PyAny>>,
        subscription: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<String> {
        let ring = keys.0.load();
        let set = ring.issuer().ok_or_else(|| no_issuer(py))?;
        let roles = roles.iter().map(role).collect::<PyResult<Vec<_>>>()?;
        let draft = Draft {
            account: uuid(account)?,
            expires: timestamp(expires)?,
            roles: &roles,
            tenant: tenant.map(uuid).transpose()?,
            subscription: subscription.map(uuid).transpose()?,
        };
        let mut out = vec![0; MAX_TOKEN_BYTES];
        let length = draft.issue(set, &mut out).map_err(|error| PyValueError::new_err(error.to_string()))?;
        out.truncate(length);
        String::from_utf8(out).map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// The id of the account.
    #[getter]
    fn account<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        python_uuid(py, self.account)
    }

    /// The id of the tenant, if any.
    #[getter]
    fn tenant<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.tenant.map(|id| python_uuid(py, id)).transpose()
    }

    /// The id of the subscription, if any.
    #[getter]
    fn subscription<'py>(&self, py: Python<'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        self.subscription.map(|id| python_uuid(py, id)).transpose()
    }

    /// The time when the token expires, in the time zone that the token contains.
    #[getter]
    fn expires<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        let delta = class(py, "datetime", "timedelta")?;
        let offset = delta.call1((0, i64::from(self.expires.offset_minutes()) * 60))?;
        let zone = class(py, "datetime", "timezone")?.call1((offset,))?;
        class(py, "datetime", "datetime")?.call_method1("fromtimestamp", (self.expires.unix_s(), zone))
    }

    /// The roles. Each role is a pair of a name and a permission. The permission is 0 for read or 1 for
    /// write.
    #[getter]
    fn roles(&self) -> Vec<(String, u8)> {
        self.roles.clone()
    }

    fn __repr__(&self) -> String {
        let verified = if self.verified { "verified" } else { "not verified" };
        format!(
            "<ConnectionString of {}, expires {}, {verified}>",
            self.account.as_hyphenated(),
            self.expires
        )
    }
}

impl ConnectionString {
    fn new(beans: &Beans<'_>, key_version: Option<u32>, verified: bool) -> Self {
        Self {
            account: beans.account,
            expires: beans.expires,
            roles: beans.roles.iter().map(|role| (role.name.into(), role.permission.number())).collect(),
            tenant: beans.tenant,
            subscription: beans.subscription,
            key_version,
            verified,
        }
    }
}

fn no_issuer(py: Python<'_>) -> PyErr {
    errors::config_error(py, &"the key ring has no issuer; create it with KeyRing(issuer=..)")
}

fn role((name, permission): &(String, u8)) -> PyResult<Role<'_>> {
    let permission = Permission::from_number(*permission).ok_or_else(|| {
        PyValueError::new_err(format!("the permission of role {name:?} must be 0 (read) or 1 (write)"))
    })?;
    Ok(Role { name, permission })
}

fn uuid(object: &Bound<'_, PyAny>) -> PyResult<Uuid> {
    let text = object.str()?;
    Uuid::try_parse(text.to_str()?)
        .map_err(|_| PyValueError::new_err("an id must be a uuid.UUID or a string"))
}

fn python_uuid(py: Python<'_>, id: Uuid) -> PyResult<Bound<'_, PyAny>> {
    class(py, "uuid", "UUID")?.call1((PyString::new(py, &id.as_hyphenated().to_string()),))
}

fn timestamp(moment: &Bound<'_, PyAny>) -> PyResult<Timestamp> {
    let aware =
        || PyTypeError::new_err("expires must be a datetime with a time zone, such as datetime.now(UTC)");
    let offset = moment.call_method0("utcoffset").map_err(|_| aware())?;
    if offset.is_none() {
        return Err(aware());
    }
    let offset_s: f64 = offset.call_method0("total_seconds")?.extract()?;
    let unix_s: f64 = moment.call_method0("timestamp")?.extract()?;
    #[expect(
        clippy::cast_possible_truncation,
        reason = "datetime supports years 1 to 9999 and offsets below a day"
    )]
    let (unix_s, minutes) = (unix_s.floor() as i64, (offset_s / 60.0).floor() as i16);
    Timestamp::new(unix_s, minutes)
        .ok_or_else(|| PyValueError::new_err("expires must be in the years 0 to 9999"))
}

/// Returns a class of Python's standard library. The class is not stored in a static, because each interpreter
/// of a process has its own classes.
fn class<'py>(py: Python<'py>, module: &str, name: &str) -> PyResult<Bound<'py, PyAny>> {
    py.import(module)?.getattr(name)
}
