//! Reads requests from ASGI scopes.

use std::borrow::Cow;

use pyo3::exceptions::PyTypeError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::iterator::PySendResult;
use pyo3::types::{PyBytes, PyDict, PyIterator, PyNone, PyString};
use sealwire_core::{Policy, Request, Route};
use sealwire_host::{Located, ReportedPath, authority};

use crate::headers::{Held, with_headers};

/// Returns the complete body in an ASGI message, or `None` if the message does not contain a complete body.
/// `Some(None)` is an empty body.
///
/// # Errors
/// Returns the Python exception raised when a value in the message is read.
pub(crate) fn whole_body<'py>(message: &Bound<'py, PyAny>) -> PyResult<Option<Option<Bound<'py, PyAny>>>> {
    let py = message.py();
    let Ok(message) = message.cast::<PyDict>() else { return Ok(None) };
    let is_request = message.get_item(intern!(py, "type"))?.is_some_and(|kind| is_text(&kind, REQUEST));
    let more = message.get_item(intern!(py, "more_body"))?.map_or(Ok(false), |more| more.is_truthy())?;
    if is_request && !more { message.get_item(intern!(py, "body")).map(Some) } else { Ok(None) }
}

/// Runs an awaitable, whose `__await__()` is `steps`, until it returns or is suspended for the first time. The
/// result is `(True, value)` if it returned `value`, and `(False, pause)` if it is suspended at `pause`.
/// In Python, the value would have to be read from a `StopIteration`, which takes longer.
///
/// # Errors
/// Returns the exception that the awaitable raises.
#[pyfunction]
pub(crate) fn first_step<'py>(steps: &Bound<'py, PyAny>) -> PyResult<(bool, Bound<'py, PyAny>)> {
    let none = PyNone::get(steps.py()).to_owned();
    Ok(match steps.cast::<PyIterator>()?.send(&none)? {
        PySendResult::Return(value) => (true, value),
        PySendResult::Next(pause) => (false, pause),
    })
}

const REQUEST: &str = "http.request";
const WEBSOCKET: &str = "websocket";

/// Returns the URL scheme of the HTTP request that opens a WebSocket.
fn http_scheme(scheme: Bound<'_, PyAny>) -> Bound<'_, PyAny> {
    let py = scheme.py();
    match scheme.extract::<&str>() {
        Ok("ws") => intern!(py, "http").clone().into_any(),
        Ok("wss") => intern!(py, "https").clone().into_any(),
        _ => scheme,
    }
}

fn is_text(object: &Bound<'_, PyAny>, text: &str) -> bool {
    object.extract::<&str>().is_ok_and(|held| held == text)
}

/// The request in an ASGI scope.
pub(crate) struct Head<'py> {
    method: Bound<'py, PyAny>,
    scheme: Bound<'py, PyAny>,
    /// The raw path, or the complete target if the caller passed it.
    path: Bound<'py, PyAny>,
    query: Option<Bound<'py, PyBytes>>,
    /// The decoded path. It is `None` if the caller passed a target.
    decoded: Option<Bound<'py, PyAny>>,
    root: Option<Bound<'py, PyAny>>,
    headers: Option<Bound<'py, PyAny>>,
}

impl<'py> Head<'py> {
    /// Reads a scope of type `http` or `websocket`. `target` replaces the raw path and the query.
    ///
    /// # Errors
    /// Returns a `TypeError` if a required key is missing, for example because the scope has a different
    /// type.
    pub(crate) fn read(scope: &Bound<'py, PyDict>, target: Option<&Bound<'py, PyAny>>) -> PyResult<Self> {
        let py = scope.py();
        let get = |key: &Bound<'py, PyString>| -> PyResult<Option<Bound<'py, PyAny>>> {
            Ok(scope.get_item(key)?.filter(|value| !value.is_none()))
        };
        let needed = |key: &Bound<'py, PyString>| {
            get(key)?.ok_or_else(|| {
                PyTypeError::new_err(format!("the ASGI scope has no {key}; is it one of type http?"))
            })
        };
        let (path, query, decoded) = match target {
            Some(target) => (target.clone(), None, None),
            None => {
                let decoded = needed(intern!(py, "path"))?;
                let query = get(intern!(py, "query_string"))?;
                let path = match get(intern!(py, "raw_path"))? {
                    Some(path) => path,
                    None => encoded(&decoded)?,
                };
                (path, query.and_then(|query| query.cast_into::<PyBytes>().ok()), Some(decoded))
            }
        };
        let is_websocket = get(intern!(py, "type"))?.is_some_and(|kind| is_text(&kind, WEBSOCKET));
        // `scheme` is optional in ASGI. For example, Daphne omits it for WebSockets.
        let scheme = get(intern!(py, "scheme"))?.unwrap_or_else(|| intern!(py, "http").clone().into_any());
        Ok(Self {
            // The handshake of a WebSocket is an HTTP GET request (RFC 6455 section 4.1).
            method: if is_websocket {
                intern!(py, "GET").clone().into_any()
            } else {
                needed(intern!(py, "method"))?
            },
            scheme: if is_websocket { http_scheme(scheme) } else { scheme },
            path,
            query,
            decoded,
            root: get(intern!(py, "root_path"))?,
            headers: get(intern!(py, "headers"))?,
        })
    }

    /// Calls `then` with the request as the sender signed it, and with the path used for routing.
    ///
    /// # Errors
    /// Returns a `TypeError` for a value of the wrong type, and the errors of `then`.
    pub(crate) fn with_route<T>(
        &self,
        policy: &Policy,
        then: impl FnOnce(&Request<'_>, Route<'_>) -> PyResult<T>,
    ) -> PyResult<T> {
        let raw = Held::new(&self.path)?;
        let raw = raw.as_bytes().split(|byte| *byte == b'?').next().unwrap_or_default();
        let root = self.root.as_ref().map(|root| root.cast::<PyString>()).transpose()?;
        let root = root.map_or(Cow::Borrowed(""), |root| root.to_string_lossy());
        let decoded = self.decoded.as_ref().map(|path| path.cast::<PyString>()).transpose()?;
        let decoded = decoded.map(|path| path.to_string_lossy());
        let located = match &decoded {
            Some(decoded) => {
                ReportedPath { raw, decoded: decoded.as_bytes(), root: root.as_bytes() }.locate(policy)
            }
            None => Located { removed: b"", route: policy.route(raw, root.as_bytes()) },
        };
        self.with_target(located.removed, |request| then(request, located.route))
    }

    /// Calls `then` with the request in the scope.
    ///
    /// # Errors
    /// Returns a `TypeError` for a value of the wrong type, and the errors of `then`.
    pub(crate) fn with_request<T>(&self, then: impl FnOnce(&Request<'_>) -> PyResult<T>) -> PyResult<T> {
        self.with_target(b"", then)
    }

    fn with_target<T>(&self, removed: &[u8], then: impl FnOnce(&Request<'_>) -> PyResult<T>) -> PyResult<T> {
        let (method, scheme, path) =
            (Held::new(&self.method)?, Held::new(&self.scheme)?, Held::new(&self.path)?);
        let path = path.as_bytes();
        // Some servers include the query in the raw path, so the query must not be added again.
        let has_query = path.contains(&b'?');
        let query =
            self.query.as_ref().map(|query| query.as_bytes()).filter(|_| !has_query).unwrap_or_default();
        let joined;
        let target = if query.is_empty() && removed.is_empty() {
            path
        } else {
            let mark: &[u8] = if query.is_empty() { b"" } else { b"?" };
            joined = [removed, path, mark, query].concat();
            &joined
        };
        with_headers(self.headers.as_ref(), |headers| {
            then(&Request {
                method: method.as_bytes(),
                target,
                authority: authority(headers),
                scheme: scheme.as_bytes(),
                headers,
            })
        })
    }
}

/// Percent-encodes a decoded path, for servers that do not report the raw path. Most clients encode paths in
/// the same way.
fn encoded<'py>(path: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    let mut raw = Vec::new();
    for byte in path.extract::<&str>()?.bytes() {
        if byte.is_ascii_alphanumeric() || PLAIN_IN_PATHS.contains(&byte) {
            raw.push(byte);
        } else {
            raw.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    Ok(PyBytes::new(path.py(), &raw).into_any())
}

/// The characters that are not encoded in a path, in addition to letters and digits (RFC 3986 section 3.3).
const PLAIN_IN_PATHS: &[u8] = b"/-._~!$&'()*+,;=:@";
