//! Signs requests.

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyString};
use sealwire_core::{AbsoluteUrl, Header, Request, Scheme, SignError, Signing, url_buffer_bytes};
use sealwire_host::{FreshNonce, Url, authority, fresh_nonce, names_same_host};

use crate::body::{Body, DETACH_FROM_BYTES};
use crate::errors;
use crate::headers::{Held, with_headers};
use crate::key_ring::KeyRing;
use crate::numbers::Natural;
use crate::response::{Parties, VerifiedResponse};
use crate::settings::Settings;
use crate::words::header_name;

/// Signs requests of the service or client `name` in one or more schemes. Create one signer and use it from any
/// thread.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Signer {
    signer: sealwire_host::Signer,
    name: Py<PyString>,
    has_nonces: bool,
    clock: Option<Py<PyAny>>,
}

/// The nonce for schemes that do not send a nonce. A constant is used, because generating random bytes takes
/// longer than signing.
const UNUSED_NONCE: &str = "0";

#[pymethods]
impl Signer {
    #[new]
    #[pyo3(signature = (name, keys, **settings))]
    fn new<'py>(
        py: Python<'py>,
        name: &Bound<'py, PyAny>,
        keys: &Bound<'py, PyAny>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let given = Settings::checked("signer", settings, &[("name", name), ("keys", keys)], py)?;
        let text = name.cast::<PyString>()?.clone().unbind();
        let schemes = sealwire_host::schemes("schemes", &given.list::<String>("schemes")?)
            .map_err(|error| errors::config_error(py, &error))?;
        let lower = |field: &String| field.to_ascii_lowercase();
        let parts = sealwire_host::Signer {
            name: name.extract()?,
            ring: keys.cast::<KeyRing>()?.get().0.clone(),
            schemes,
            cover_authority: given.get("cover_authority")?.unwrap_or(true),
            cover_fields: given.list::<String>("cover")?.iter().map(lower).collect(),
        };
        let signer = parts.checked("cover").map_err(|error| errors::config_error(py, &error))?;
        let has_nonces = schemes.into_iter().flatten().any(|scheme| scheme != Scheme::Pairwise);
        Ok(Self { signer, name: text, has_nonces, clock: crate::clock::given(py, &given)? })
    }

    /// Raises `ConfigError` if the signer has no key for this receiver. Client integrations call this method
    /// when they are created.
    fn check_receiver(&self, py: Python<'_>, receiver: &str) -> PyResult<()> {
        self.signer.check_receiver(receiver).map_err(|error| errors::config_error(py, &error))
    }

    /// Signs a request. Returns the names and values of the headers to add.
    ///
    /// `url` is an absolute URL, or a path with its query exactly as sent. An absolute URL is normalised in
    /// the same way as by `fetch`, unless `as_sent` is true. `receiver` is the name of the service to
    /// call, which is required for pair keys. `body` contains exactly the bytes that are sent. `nonce` and
    /// `now_ms` (Unix milliseconds) are for tests. They default to a new nonce and the current time.
    #[pyo3(signature = (method, url, headers=None, body=None, receiver="", user_id=None, nonce=None, now_ms=None, as_sent=false))]
    #[expect(clippy::too_many_arguments, reason = "these are keyword arguments in Python")]
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
        now_ms: Option<Natural>,
        as_sent: bool,
    ) -> PyResult<Bound<'py, PyDict>> {
        let mut buffer = Vec::new();
        let normal = normal_form(py, url, as_sent, &mut buffer)?;
        let (method, url) = (Held::new(method)?, Held::new(url)?);
        let url = normal.unwrap_or_else(|| Url::split(url.as_bytes(), &[]));
        let body = Body::read(body)?;
        let body = body.as_bytes();
        let fresh = self.nonce(py, nonce)?;
        let nonce = nonce.or(fresh.as_ref().map(|fresh| fresh.as_str())).unwrap_or(UNUSED_NONCE);
        let now_ms = match now_ms {
            Some(Natural(given)) => given,
            None => crate::clock::signing_ms(py, self.clock.as_ref())?,
        };
        let signing = Signing { receiver, body, user_id, nonce, now_ms };
        with_headers(headers, |headers| {
            let request = request(py, &method, url, headers)?;
            if body.len() < DETACH_FROM_BYTES {
                self.sign_attached(py, &request, &signing)
            } else {
                self.sign_detached(py, &request, &signing)
            }
        })
    }

    /// Verifies the response to a signed request. Raises `Rejected` if the response is not signed by the
    /// receiver.
    ///
    /// `method` and `url` are the values that were signed. `sent` contains the headers of the request,
    /// including its signature. `headers` and `body` are the headers and the body of the response. The body
    /// must be passed as transferred, without decoding.
    #[pyo3(signature = (method, url, sent, status, headers, body=None, receiver="", as_sent=false))]
    #[expect(clippy::too_many_arguments, reason = "the parts of a response and its request")]
    fn verify_response(
        &self,
        py: Python<'_>,
        method: &Bound<'_, PyAny>,
        url: &Bound<'_, PyAny>,
        sent: &Bound<'_, PyAny>,
        status: u16,
        headers: &Bound<'_, PyAny>,
        body: Option<&Bound<'_, PyAny>>,
        receiver: &str,
        as_sent: bool,
    ) -> PyResult<VerifiedResponse> {
        let mut buffer = Vec::new();
        let normal = normal_form(py, url, as_sent, &mut buffer)?;
        let (method, url, body) = (Held::new(method)?, Held::new(url)?, Body::read(body)?);
        let url = normal.unwrap_or_else(|| Url::split(url.as_bytes(), &[]));
        let parties = Parties { caller: &self.signer.name, service: receiver, ring: &self.signer.ring };
        with_headers(Some(sent), |sent| {
            let request = request(py, &method, url, sent)?;
            with_headers(Some(headers), |headers| {
                parties.verify(py, self.signer.schemes, &request, status, headers, body.as_bytes())
            })
        })
    }

    /// The name of the sender, which is a service name or a client id.
    #[getter]
    fn name(&self) -> &str {
        &self.signer.name
    }

    /// The schemes used to sign requests.
    #[getter]
    fn schemes(&self) -> Vec<&'static str> {
        self.signer.schemes.into_iter().flatten().map(Scheme::name).collect()
    }

    fn __repr__(&self) -> String {
        format!("<Signer {:?}, {}>", self.signer.name, self.schemes().join(" + "))
    }
}

impl Signer {
    /// Returns a new nonce if one of the schemes sends a nonce and the caller did not pass one.
    fn nonce(&self, py: Python<'_>, given: Option<&str>) -> PyResult<Option<FreshNonce>> {
        if given.is_some() || !self.has_nonces {
            return Ok(None);
        }
        fresh_nonce().map(Some).map_err(|error| errors::sign_error(py, &error))
    }

    fn sign_attached<'py>(
        &self,
        py: Python<'py>,
        request: &Request<'_>,
        signing: &Signing<'_>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let signed = PyDict::new(py);
        let mut outcome = Ok(());
        let result = self.signer.sign(request, signing, |name, value| {
            let put = || signed.set_item(header_name(py, name), self.value(py, value));
            outcome = std::mem::replace(&mut outcome, Ok(())).and_then(|()| put());
        });
        result.map_err(|error| errors::sign_error(py, &error))?;
        outcome.map(|()| signed)
    }

    /// Like `sign_attached`, but for a large body. The interpreter is released during signing, so the
    /// headers are converted to Python objects afterwards.
    fn sign_detached<'py>(
        &self,
        py: Python<'py>,
        request: &Request<'_>,
        signing: &Signing<'_>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let mut emitted = Vec::new();
        let result = py.detach(|| {
            self.signer.sign(request, signing, |name, value| emitted.push((name, value.to_owned())))
        });
        result.map_err(|error| errors::sign_error(py, &error))?;
        let signed = PyDict::new(py);
        for (name, value) in emitted {
            signed.set_item(header_name(py, name), value)?;
        }
        Ok(signed)
    }

    /// Converts a header value to a Python string. The sender's name occurs in each request, so its Python
    /// string is created only once and reused.
    fn value<'py>(&self, py: Python<'py>, value: &str) -> Bound<'py, PyString> {
        if core::ptr::eq(value, self.signer.name.as_str()) {
            self.name.bind(py).clone()
        } else {
            PyString::new(py, value)
        }
    }
}

/// Writes the normalised form of an absolute URL to `buffer` and returns its parts. Returns `None` for a URL
/// that is signed unchanged.
fn normal_form<'b>(
    py: Python<'_>,
    url: &Bound<'_, PyAny>,
    as_sent: bool,
    buffer: &'b mut Vec<u8>,
) -> PyResult<Option<Url<'b>>> {
    let given = if let Ok(text) = url.cast::<PyString>() {
        text.to_str().map_err(|_| errors::sign_error(py, &SignError::Target))?.as_bytes()
    } else if let Ok(bytes) = url.cast::<PyBytes>() {
        bytes.as_bytes()
    } else {
        return Ok(None);
    };
    if as_sent || given.is_empty() || given == b"*" || given.starts_with(b"/") {
        // Non-ASCII characters are rejected, because clients encode them differently.
        let is_sendable = given.is_ascii();
        return is_sendable.then_some(None).ok_or_else(|| errors::sign_error(py, &SignError::Target));
    }
    buffer.resize(url_buffer_bytes(given.len()), 0);
    let AbsoluteUrl { scheme, authority, target } =
        AbsoluteUrl::normalise(given, buffer).map_err(|error| errors::sign_error(py, &error))?;
    Ok(Some(Url { scheme: scheme.as_bytes(), authority, target }))
}

/// Creates the request to sign. The authority of the request comes from an absolute URL, and a `Host` header
/// must match it. If `url` is a path, the authority is the value of the `Host` header.
fn request<'a>(
    py: Python<'_>,
    method: &'a Held<'_, '_>,
    url: Url<'a>,
    headers: &'a [Header<'a>],
) -> PyResult<Request<'a>> {
    let Url { scheme, authority: named, target } = url;
    let named = if named.is_empty() { authority(headers) } else { named };
    let text = String::from_utf8_lossy;
    if !named.is_empty() && !is_authority(named) {
        let error = format!("{:?} is not a host with an optional port", text(named));
        return Err(errors::sign_error(py, &error));
    }
    let mut hosts = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(b"host"));
    if let Some(other) = hosts.find(|host| !names_same_host(scheme, host.value, named)) {
        let (other, named) = (text(other.value), text(named));
        let error =
            format!("the Host header is {other:?}, but the host of the URL is {named:?}; remove the header");
        return Err(errors::sign_error(py, &error));
    }
    Ok(Request { method: method.as_bytes(), target, authority: named, scheme, headers })
}

/// Returns `true` for a host name or an IP address with an optional port. An IPv6 address must be in brackets.
fn is_authority(authority: &[u8]) -> bool {
    let after_host = match authority.iter().position(|byte| *byte == b']') {
        Some(end) if authority.starts_with(b"[") => end + 1,
        Some(_) => return false,
        None if authority.contains(&b'[') => return false,
        None => authority.iter().position(|byte| *byte == b':').unwrap_or(authority.len()),
    };
    let port = authority.get(after_host..).unwrap_or_default();
    let is_port = port.strip_prefix(b":").is_some_and(|digits| digits.iter().all(u8::is_ascii_digit));
    after_host > 0 && (port.is_empty() || is_port)
}
