//! Verifies requests.

use std::sync::Arc;

use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyMapping};
use sealwire_core::{Request, Route, Scheme};
use sealwire_host::{
    ReportedPath, SenderConfig, Snapshot, VerifierConfig, authority, clock_conflict, received,
};

use crate::body::{Body, DETACH_FROM_BYTES};
use crate::errors;
use crate::headers::{Held, with_headers};
use crate::identity::Identity;
use crate::key_ring::KeyRing;
use crate::modes::Modes;
use crate::numbers::Natural;
use crate::pending::{Pending, accepted};
use crate::response::Parties;
use crate::settings::Settings;

/// Verifies requests to a service. Create one verifier and use it from any thread.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Verifier {
    pub(crate) verifier: Arc<sealwire_host::Verifier>,
}

/// The URL scheme of a request if the caller does not pass one. `https` is the usual value, because most
/// services use TLS or are behind a TLS proxy. The URL scheme matters only for `message`: it is part of
/// `@scheme` and `@target-uri`, and determines the default port that is removed from `@authority`.
const USUAL_URL_SCHEME: &[u8] = b"https";

/// A list of authorities, or the string `"any"`.
#[derive(FromPyObject)]
enum Authorities {
    Word(String),
    Listed(Vec<String>),
}

impl Authorities {
    fn names(self) -> Vec<String> {
        match self {
            Self::Word(name) => vec![name],
            Self::Listed(names) => names,
        }
    }
}

#[pymethods]
impl Verifier {
    #[new]
    #[pyo3(signature = (service, keys, **settings))]
    fn new<'py>(
        py: Python<'py>,
        service: &Bound<'py, PyAny>,
        keys: &Bound<'py, PyAny>,
        settings: Option<&Bound<'py, PyDict>>,
    ) -> PyResult<Self> {
        let given = Settings::checked("verifier", settings, &[("service", service), ("keys", keys)], py)?;
        let keys = keys.cast::<KeyRing>()?.get();
        let config = config_of(&given)?;
        let (policy, modes) = config.into_parts().map_err(|error| errors::config_error(py, &error))?;
        let replay = given.get::<Bound<'py, PyAny>>("replay")?;
        let external = given.flag("external_replay_store")?;
        let clock = crate::clock::given(py, &given)?;
        if clock.is_some() && external {
            return Err(errors::config_error(py, &clock_conflict()));
        }
        let store = crate::replay::chosen(py, replay.as_ref(), external, &policy, &keys.0, clock.is_some())?;
        let verifier = sealwire_host::Verifier::new(policy, keys.0.clone(), store);
        let verifier = match clock {
            None => verifier,
            Some(clock) => verifier
                .with_clock(crate::clock::of_verifier(clock))
                .map_err(|error| errors::config_error(py, &error))?,
        };
        verifier.check().map_err(|error| errors::config_error(py, &error))?;
        crate::words::warn(py, &verifier.warnings())?;
        // With `external`, the application claims nonces in its own store.
        let verifier = if external { verifier.accepting_replays() } else { verifier };
        Ok(Self { verifier: Arc::new(verifier.under(modes)) })
    }

    /// Verifies a complete request and returns the identity of its sender. Raises `Rejected` if the request is
    /// not accepted. A received request cannot cause any other exception.
    ///
    /// `target` is the raw path with its query, as received. `headers` is a mapping, or a list of pairs of
    /// `bytes` or `str`. `authority` defaults to the `Host` header.
    #[pyo3(signature = (method, target, headers, body=None, authority=None, url_scheme=None, now_ms=None))]
    #[expect(clippy::too_many_arguments, reason = "these are keyword arguments in Python")]
    fn verify(
        &self,
        py: Python<'_>,
        method: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        body: Option<&Bound<'_, PyAny>>,
        authority: Option<&Bound<'_, PyAny>>,
        url_scheme: Option<&Bound<'_, PyAny>>,
        now_ms: Option<Natural>,
    ) -> PyResult<Identity> {
        let body = Body::read(body)?;
        let body = body.as_bytes();
        let now_ms = now_ms.map_or_else(|| self.verifier.now_ms(), |Natural(given)| given);
        with_request(method, target, headers, authority, url_scheme, |request| {
            let verify = || self.verifier.verify(request, body, now_ms);
            let verdict = if body.len() < DETACH_FROM_BYTES { verify() } else { py.detach(verify) };
            accepted(py, verdict)
        })
    }

    /// Verifies the head of a request. Pass the body to `Pending.update`, and then call `Pending.finish` or
    /// `Pending.prove`.
    ///
    /// If another verifier has already accepted the request, pass the identity that it returned as
    /// `earlier`. The request is then not rejected as a replay.
    #[pyo3(signature = (method, target, headers, authority=None, url_scheme=None, now_ms=None, earlier=None))]
    #[expect(clippy::too_many_arguments, reason = "these are keyword arguments in Python")]
    fn begin(
        &self,
        py: Python<'_>,
        method: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        authority: Option<&Bound<'_, PyAny>>,
        url_scheme: Option<&Bound<'_, PyAny>>,
        now_ms: Option<Natural>,
        earlier: Option<Py<Identity>>,
    ) -> PyResult<Pending> {
        with_request(method, target, headers, authority, url_scheme, |request| {
            Pending::begin(
                py,
                &self.verifier,
                request,
                Route::Path(request.target),
                now_ms.map_or_else(|| self.verifier.now_ms(), |Natural(given)| given),
                earlier,
            )
        })
    }

    /// Like `begin`, for an ASGI scope of type `http` or `websocket`. Returns `None` if the path is exempt.
    /// `target` is used instead of the target in the scope.
    #[pyo3(signature = (scope, target=None))]
    fn begin_asgi(
        &self,
        py: Python<'_>,
        scope: &Bound<'_, PyDict>,
        target: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Option<Pending>> {
        let earlier = scope.get_item(intern!(py, "sealwire.identity"))?.and_then(|it| it.extract().ok());
        let policy = self.verifier.policy();
        crate::asgi::Head::read(scope, target)?.with_route(policy, |request, route| {
            if policy.exempts_request(request, route) {
                return Ok(None);
            }
            Pending::begin(py, &self.verifier, request, route, self.verifier.now_ms(), earlier).map(Some)
        })
    }

    /// Like `begin`, for the variables of a WSGI environment. Returns `None` if the path is exempt. `target` is
    /// the raw target. `script_name` and `path_info` are the variables that the server has decoded.
    #[pyo3(signature = (method, target, headers, url_scheme, script_name, path_info, earlier=None))]
    #[expect(clippy::too_many_arguments, reason = "the variables of a request")]
    fn begin_wsgi(
        &self,
        py: Python<'_>,
        method: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        headers: &Bound<'_, PyAny>,
        url_scheme: &Bound<'_, PyAny>,
        script_name: &Bound<'_, PyAny>,
        path_info: &Bound<'_, PyAny>,
        earlier: Option<Py<Identity>>,
    ) -> PyResult<Option<Pending>> {
        let policy = self.verifier.policy();
        let (wire, root, below) = (Held::new(target)?, Held::new(script_name)?, Held::new(path_info)?);
        let decoded = [root.as_bytes(), below.as_bytes()].concat();
        with_request(method, target, headers, None, Some(url_scheme), |request| {
            let (target, authority) = received(wire.as_bytes(), b"", request.headers);
            let raw = target.split(|byte| *byte == b'?').next().unwrap_or_default();
            let located = ReportedPath { raw, decoded: &decoded, root: root.as_bytes() }.locate(policy);
            let signed = [located.removed, target].concat();
            let request = Request { target: &signed, authority, ..*request };
            if policy.exempts_request(&request, located.route) {
                return Ok(None);
            }
            Pending::begin(py, &self.verifier, &request, located.route, self.verifier.now_ms(), earlier)
                .map(Some)
        })
    }

    /// Signs the response to a request from `caller` and returns the headers to add. `scheme` is the scheme
    /// of the verified request signature. `method`, `target` and `headers` belong to the request. `status`
    /// and `body` belong to the response. The body must be passed as transferred.
    #[pyo3(signature = (caller, scheme, method, target, headers, status, body=None, now_ms=None))]
    #[expect(clippy::too_many_arguments, reason = "the parts of a response and its request")]
    fn sign_response<'py>(
        &self,
        py: Python<'py>,
        caller: &str,
        scheme: &str,
        method: &Bound<'py, PyAny>,
        target: &Bound<'py, PyAny>,
        headers: &Bound<'py, PyAny>,
        status: u16,
        body: Option<&Bound<'py, PyAny>>,
        now_ms: Option<Natural>,
    ) -> PyResult<Bound<'py, PyDict>> {
        let body = Body::read(body)?;
        let now_ms = now_ms.map_or_else(|| self.verifier.now_ms(), |Natural(given)| given);
        with_request(method, target, headers, None, None, |request| {
            self.parties(caller).sign(py, scheme, request, status, body.as_bytes(), now_ms)
        })
    }

    /// Like `sign_response`, for the ASGI scope of the request. The returned headers are pairs of bytes.
    #[pyo3(signature = (caller, scheme, scope, status, body=None, target=None))]
    #[expect(clippy::too_many_arguments, reason = "the parts of a response and its request")]
    fn sign_response_asgi<'py>(
        &self,
        py: Python<'py>,
        caller: &str,
        scheme: &str,
        scope: &Bound<'py, PyDict>,
        status: u16,
        body: Option<&Bound<'py, PyAny>>,
        target: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyList>> {
        let body = Body::read(body)?;
        crate::asgi::Head::read(scope, target)?.with_request(|request| {
            self.parties(caller).sign_asgi(
                py,
                scheme,
                request,
                status,
                body.as_bytes(),
                self.verifier.now_ms(),
            )
        })
    }

    /// Returns whether a raw path, as received, is exempt from verification.
    fn is_exempt(&self, path: &Bound<'_, PyAny>) -> PyResult<bool> {
        Ok(self.verifier.policy().is_exempt(Held::new(path)?.as_bytes()))
    }

    /// The name of the service whose requests are verified.
    #[getter]
    fn service(&self) -> &str {
        self.verifier.policy().service.as_str()
    }

    /// The accepted schemes in order of preference.
    #[getter]
    fn schemes(&self) -> Vec<&'static str> {
        self.verifier.policy().schemes.into_iter().flatten().map(Scheme::name).collect()
    }

    /// The current mode of the service. Individual senders can have a different mode.
    #[getter]
    fn mode(&self) -> &'static str {
        self.verifier.modes().load().service.name()
    }

    /// The object with the modes of the verifier. Several verifiers can share one object.
    #[getter]
    fn modes(&self) -> Modes {
        Modes(self.verifier.modes().clone())
    }

    /// The path where the application is mounted, without a trailing slash.
    #[getter]
    fn root_path(&self) -> &str {
        self.verifier.policy().root_path.as_str()
    }

    /// Configuration warnings for the operator, for example about keys that cannot be used with these
    /// settings, and about senders without keys.
    #[getter]
    fn warnings(&self) -> Vec<String> {
        self.verifier.warnings()
    }

    /// The maximum size of a body in bytes.
    #[getter]
    fn max_body_bytes(&self) -> u64 {
        self.verifier.policy().max_body_bytes
    }

    /// Returns the current values of the counters.
    fn stats(&self) -> Stats {
        Stats(self.verifier.stats())
    }

    fn __repr__(&self) -> String {
        format!("<Verifier {:?}, {}, {}>", self.service(), self.schemes().join(" or "), self.mode())
    }
}

impl Verifier {
    fn parties<'a>(&'a self, caller: &'a str) -> Parties<'a> {
        Parties { caller, service: self.service(), ring: self.verifier.ring() }
    }
}

/// The values of a verifier's counters at a point in time.
#[pyclass(frozen, module = "sealwire")]
pub(crate) struct Stats(Snapshot);

#[pymethods]
impl Stats {
    /// The number of accepted requests for each scheme.
    #[getter]
    fn accepted<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, self.0.accepted.iter().map(|(scheme, count)| (scheme.name(), *count)))
    }

    /// The number of rejected requests for each reason.
    #[getter]
    fn rejected<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, self.0.rejected.iter().map(|(reason, count)| (reason.name(), *count)))
    }

    /// The number of requests accepted in mode `observe` that `enforce` would reject, for each reason.
    #[getter]
    fn observed<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        by_name(py, self.0.observed.iter().map(|(reason, count)| (reason.name(), *count)))
    }
}

fn by_name<'py>(
    py: Python<'py>,
    counts: impl Iterator<Item = (&'static str, u64)>,
) -> PyResult<Bound<'py, PyDict>> {
    let named = PyDict::new(py);
    for (name, count) in counts {
        named.set_item(name, count)?;
    }
    Ok(named)
}

fn with_request<T>(
    method: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    headers: &Bound<'_, PyAny>,
    named_authority: Option<&Bound<'_, PyAny>>,
    url_scheme: Option<&Bound<'_, PyAny>>,
    then: impl FnOnce(&Request<'_>) -> PyResult<T>,
) -> PyResult<T> {
    let (method, target) = (Held::new(method)?, Held::new(target)?);
    let named_authority = named_authority.map(Held::new).transpose()?;
    let url_scheme = url_scheme.map(Held::new).transpose()?;
    with_headers(Some(headers), |headers| {
        then(&Request {
            method: method.as_bytes(),
            target: target.as_bytes(),
            authority: named_authority.as_ref().map_or_else(|| authority(headers), Held::as_bytes),
            scheme: url_scheme.as_ref().map_or(USUAL_URL_SCHEME, Held::as_bytes),
            headers,
        })
    })
}

/// Reads the settings of a verifier. Rules for senders have the form
/// `{"agent": {"mode": "observe", "methods": ["GET"], "path_prefixes": ["/api"]}}`.
fn config_of(given: &Settings<'_>) -> PyResult<VerifierConfig> {
    let milliseconds = |seconds: u64| seconds.saturating_mul(1000);
    Ok(VerifierConfig {
        service: given.get("service")?.unwrap_or_default(),
        schemes: given.list("schemes")?,
        mode: given.get("mode")?,
        modes: given.get::<Bound<'_, Modes>>("modes")?.map(|modes| modes.get().0.clone()),
        observe_only: given.flag("observe_only")?,
        past_ms: given.get("past")?.map(milliseconds),
        future_ms: given.get("future")?.map(milliseconds),
        max_body_bytes: given.get("max_body_bytes")?,
        trust_unsigned_user_id: given.flag("trust_unsigned_user_id")?,
        claim_pairwise: given.flag("claim_pairwise")?,
        ignore_authority: given.flag("ignore_authority")?,
        require_fields: given.list("require_fields")?,
        listed_senders_only: given.flag("listed_senders_only")?,
        accept_replays: false,
        max_sender_share: given.get("max_sender_share")?,
        senders: given
            .get::<Bound<'_, PyMapping>>("senders")?
            .map_or_else(|| Ok(Vec::new()), |senders| sender_configs(&senders))?,
        exempt_paths: given.list("exempt_paths")?,
        authorities: given.get::<Authorities>("authorities")?.map(Authorities::names).unwrap_or_default(),
        scheme: given.get("scheme")?,
        root_path: given.get("root_path")?.unwrap_or_default(),
    })
}

fn sender_configs(senders: &Bound<'_, PyMapping>) -> PyResult<Vec<SenderConfig>> {
    senders.items()?.iter().map(|pair| sender_config(&pair)).collect()
}

fn sender_config(pair: &Bound<'_, PyAny>) -> PyResult<SenderConfig> {
    let (name, rules) = pair.extract::<(String, Bound<'_, PyAny>)>()?;
    let mut config = SenderConfig { name, ..SenderConfig::default() };
    for rule in rules.cast::<PyMapping>()?.items()? {
        let (key, value) = rule.extract::<(String, Bound<'_, PyAny>)>()?;
        match key.as_str() {
            "mode" => config.mode = value.extract()?,
            "methods" => config.methods = value.extract()?,
            "path_prefixes" => config.path_prefixes = value.extract()?,
            // Unknown names have already been rejected by `Settings::checked`.
            _ => {}
        }
    }
    Ok(config)
}
