//! Explanations of rejected requests.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sealwire_host::explain::{Input, explain};

use crate::key_ring::KeyRing;

pub use sealwire_host::explain::{Explanation, Outcome, Refused};

/// A captured request that a verifier rejected, with the known settings of the verifier.
///
/// The capture has one of these formats: raw HTTP/1; the output of `curl -v`; a HAR file; JSON with `method`, `url`, `headers`
/// and `body`; the text of the browser commands "copy as cURL (bash)" or "copy as fetch"; a log record of a verifier.
///
/// ```
/// use sealwire::{KeyRing, KeySet, RejectedRequest, Signer};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
/// let signed = signer.sign(http::Request::get("https://practices.internal/api/patients").body("")?)?;
///
/// // A proxy removes the prefix /api.
/// let mut capture = String::from("GET /patients HTTP/1.1\r\nHost: practices.internal\r\n");
/// for (name, value) in signed.headers() {
///     capture += &format!("{name}: {}\r\n", value.to_str()?);
/// }
/// capture += "\r\n";
///
/// let explanation = RejectedRequest::new(capture).service("practices").explain(&keys)?;
/// assert_eq!(explanation.culprit().as_deref(), Some("path"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct RejectedRequest {
    input: Input,
}

impl RejectedRequest {
    /// Creates a `RejectedRequest` from a capture.
    #[must_use]
    pub fn new(capture: impl Into<Vec<u8>>) -> Self {
        Self { input: Input { capture: capture.into(), ..Input::default() } }
    }

    /// Sets the name of the service that rejected the request. The name is not required if the scheme of the
    /// request is `client`.
    #[must_use]
    pub fn service(mut self, name: &str) -> Self {
        name.clone_into(&mut self.input.settings.service);
        self
    }

    /// Sets the index of the request in a capture with several requests. By default, the first signed request is used.
    #[must_use]
    pub fn entry(mut self, index: usize) -> Self {
        self.input.entry = Some(index);
        self
    }

    /// Sets a second capture of the same request, which was taken at the sender.
    #[must_use]
    pub fn sent(mut self, capture: impl Into<Vec<u8>>) -> Self {
        self.input.sent = Some(capture.into());
        self
    }

    /// Sets the log line of the rejection.
    #[must_use]
    pub fn log(mut self, line: &str) -> Self {
        self.input.log = Some(line.to_owned());
        self
    }

    /// Sets the time at which the request arrived. By default, the time in the log or the capture is used.
    /// If neither contains a time, the age of the request is not checked.
    #[must_use]
    pub fn at(mut self, arrived: SystemTime) -> Self {
        let since = arrived.duration_since(UNIX_EPOCH).unwrap_or_default();
        self.input.at_ms = Some(milliseconds(since));
        self
    }

    /// Sets a path prefix that a proxy removes.
    #[must_use]
    pub fn prefix(mut self, prefix: &str) -> Self {
        self.input.prefix = Some(prefix.to_owned());
        self
    }

    /// Sets host names that the sender may have used in the request URL.
    #[must_use]
    pub fn hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.input.hosts = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the signature schemes that the verifier accepts. The default is all schemes.
    #[must_use]
    pub fn schemes(mut self, schemes: impl IntoIterator<Item = crate::Scheme>) -> Self {
        self.input.settings.schemes = schemes.into_iter().map(|scheme| scheme.name().to_owned()).collect();
        self
    }

    /// Sets the maximum age of a request at the verifier.
    #[must_use]
    pub fn past(mut self, past: Duration) -> Self {
        self.input.settings.past_ms = Some(milliseconds(past));
        self
    }

    /// Sets how far a sender's clock may be ahead of the verifier's clock.
    #[must_use]
    pub fn future(mut self, future: Duration) -> Self {
        self.input.settings.future_ms = Some(milliseconds(future));
        self
    }

    /// Sets the authorities that the verifier accepts, such as `api.internal`.
    #[must_use]
    pub fn authorities(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.input.settings.authorities = hosts.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the URL scheme that senders use: `https` or `http`.
    #[must_use]
    pub fn scheme(mut self, scheme: &str) -> Self {
        self.input.settings.scheme = Some(scheme.to_owned());
        self
    }

    /// Explains why the request was rejected. A cause is reported only if a matching MAC proves it, or if
    /// the capture shows it directly, as for a missing header. The explanation contains no secrets,
    /// signatures or bodies.
    ///
    /// # Errors
    /// Returns a [`Refused`] if the format of the capture is not supported, or if a setting is invalid.
    pub fn explain(&self, keys: &KeyRing) -> Result<Explanation, Refused> {
        explain(&self.input, &keys.0.load())
    }
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}
