//! Names and constants of the core crate. Python code imports them, so that each is defined only once.

use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::PyString;
use sealwire_core::keys::{KeyName, KeyRingBuilder, Strength, Version};
use sealwire_core::{
    AbsoluteUrl, Mode, Reason, Rejection, Scheme, Text, Window, client, connection_string, message, pairwise,
    url_buffer_bytes,
};
use sealwire_host::{help, response};

/// Adds the constants to the module.
pub(crate) fn add(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("SCHEMES", Scheme::ALL.map(Scheme::name))?;
    module.add("MODES", Mode::ALL.map(Mode::name))?;
    module.add("REASONS", Reason::ALL.map(Reason::name).to_vec())?;
    module.add("DEFAULT_PAST_SECONDS", Window::DEFAULT.past_ms / 1000)?;
    module.add("DEFAULT_FUTURE_SECONDS", Window::DEFAULT.future_ms / 1000)?;
    module.add("REQUEST_TIMEOUT", Reason::BodyTimeout.http_status())?;
    module.add("UNAUTHORIZED", Reason::SignatureMismatch.http_status())?;
    module.add("CHALLENGE", response::CHALLENGE)?;
    module.add("CACHE_CONTROL", response::CACHE_CONTROL)?;
    module.add("VERIFIED_CACHE_CONTROL", response::VERIFIED_CACHE_CONTROL)?;
    module.add("REJECTED_CACHE_CONTROL", response::REJECTED_CACHE_CONTROL)?;
    module.add("SIGNATURE_MISMATCH", Reason::SignatureMismatch.name())?;
    module.add("UNKNOWN_SENDER", Reason::UnknownClient.name())?;
    module.add("UNSIGNED_TEXT", unsigned().public_text())?;
    module.add("SERVICE_NAME_HEADER", pairwise::SERVICE_NAME)?;
    module.add("SERVICE_TIMESTAMP_HEADER", pairwise::TIMESTAMP)?;
    module.add("SERVICE_SIGNATURE_HEADER", pairwise::SIGNATURE)?;
    module.add("USER_ID_HEADER", pairwise::USER_ID)?;
    module.add("CLIENT_ID_HEADER", client::CLIENT_ID)?;
    module.add("CLIENT_REQUEST_ID_HEADER", client::REQUEST_ID)?;
    module.add("CLIENT_SIGNATURE_HEADER", client::SIGNATURE)?;
    module.add("MESSAGE_SIGNATURE_HEADER", message::SIGNATURE)?;
    module.add("CONNECTION_STRING_HEADER", connection_string::HEADER)?;
    module.add("CONNECTION_STRING_FAILED_FIELD", connection_string::FAILED_FIELD)
}

/// Logs warnings for the operator about the configuration.
pub(crate) fn warn(py: Python<'_>, warnings: &[String]) -> PyResult<()> {
    if warnings.is_empty() {
        return Ok(());
    }
    let logger = py.import("logging")?.call_method1("getLogger", ("sealwire",))?;
    warnings.iter().try_for_each(|text| logger.call_method1("warning", ("%s", text)).map(drop))
}

/// Returns the name of a header as a Python string. The strings for the headers of signatures are created once.
pub(crate) fn header_name<'py>(py: Python<'py>, name: &'static str) -> Bound<'py, PyString> {
    let names = NAMES.get_or_init(py, || SIGNED.map(|name| (name, PyString::intern(py, name).unbind())));
    let held = names.iter().find(|(held, _)| *held == name);
    held.map_or_else(|| PyString::intern(py, name), |(_, text)| text.bind(py).clone())
}

/// The names of the headers that signatures use.
const SIGNED: [&str; 11] = [
    pairwise::SERVICE_NAME,
    pairwise::TIMESTAMP,
    pairwise::SIGNATURE,
    pairwise::USER_ID,
    client::CLIENT_ID,
    client::TIMESTAMP,
    client::REQUEST_ID,
    client::SIGNATURE,
    message::CONTENT_DIGEST,
    message::SIGNATURE_INPUT,
    message::SIGNATURE,
];

static NAMES: PyOnceLock<[(&str, Py<PyString>); SIGNED.len()]> = PyOnceLock::new();

/// Returns the rejection of a request without a signature, which provides the public message.
fn unsigned() -> Rejection {
    Rejection {
        reason: Reason::MissingHeaders,
        scheme: Scheme::Message,
        field: None,
        sender: Text::EMPTY,
        key_version: None,
        age_ms: None,
        mode: Mode::Enforce,
        mac_was_valid: false,
    }
}

/// Returns the name of the environment variable with the secret of two services. The names are validated first,
/// because they can come from a request and must not select another variable.
#[pyfunction]
pub(crate) fn secret_variable(py: Python<'_>, one: &str, other: &str) -> PyResult<String> {
    let any = [Version { number: 1, secret: b"any" }];
    KeyRingBuilder::new(Strength::AllowWeak)
        .add(KeyName::Pair(one, other), &any, 1)
        .map_err(|error| crate::errors::config_error(py, &error))?;
    Ok(sealwire_host::secret_variable(one, other))
}

/// Returns the URL of the help page for a reason, or for the configuration error with this message.
#[pyfunction]
pub(crate) fn help_url(text: &str) -> String {
    let reason = Reason::ALL.into_iter().find(|reason| reason.name() == text);
    reason.map_or_else(|| help::startup_url(text), help::reason_url)
}

/// Returns the canonical name of a service, which is its name without the suffix `_service`. Keys and rules use
/// this name.
#[pyfunction]
pub(crate) fn canonical_name(name: &str) -> &str {
    sealwire_core::canonical_name(name)
}

/// Returns the path and query of a request target in absolute-form (RFC 9112 section 3.2.2). Returns any other
/// target unchanged.
#[pyfunction]
pub(crate) fn origin_form(target: &str) -> String {
    let (target, _) = sealwire_host::received(target.as_bytes(), b"", &[]);
    String::from_utf8_lossy(target).into_owned()
}

/// Discards the random bytes that threads have generated in advance for nonces. Call this function in each
/// copy of a process whose memory was copied without a fork, for example from a snapshot.
#[pyfunction]
pub(crate) fn discard_nonces() {
    sealwire_host::discard_nonces();
}

/// Parses the environment variable `HMAC_AUTH_ENABLED`. Returns `False` if the variable switches enforcement
/// off.
#[pyfunction]
pub(crate) fn is_enabled(py: Python<'_>, value: Option<&str>) -> PyResult<bool> {
    sealwire_host::is_enabled(value).map_err(|error| crate::errors::config_error(py, &error))
}

/// Returns whether a request is a health check from the local machine. Servers of the scheme `client` accept
/// such a request without a signature. `peer` is the IP address of the caller.
#[pyfunction]
pub(crate) fn is_local_health_check(method: &str, target: &str, peer: &str) -> bool {
    client::is_local_health_check(method.as_bytes(), target.as_bytes(), peer)
}

/// Normalises an absolute URL and returns its scheme, authority and target as they are signed.
#[pyfunction]
pub(crate) fn split_url(py: Python<'_>, url: &str) -> PyResult<(String, String, String)> {
    let mut buffer = vec![0; url_buffer_bytes(url.len())];
    let parts = AbsoluteUrl::normalise(url.as_bytes(), &mut buffer)
        .map_err(|error| crate::errors::sign_error(py, &error))?;
    let text = |part: &[u8]| String::from_utf8_lossy(part).into_owned();
    Ok((parts.scheme.to_owned(), text(parts.authority), text(parts.target)))
}

/// Returns the `WWW-Authenticate` header value for a service's 401 responses.
#[pyfunction]
pub(crate) fn challenge(service: &str) -> String {
    response::service_challenge(service)
}
