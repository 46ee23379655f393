//! The input of `explain`.

use sealwire_core::Policy;
use serde_json::Value;

use super::result::printable;
use super::time;
use crate::secret::base64_secret;
use crate::settings::nearest::nearest;
use crate::{ConfigError, VerifierConfig};

/// The input of `explain`, except the keys.
#[derive(Clone, Debug, Default)]
pub struct Input {
    /// The capture, in one of the [`CAPTURE_FORMS`](super::CAPTURE_FORMS).
    pub capture: Vec<u8>,
    /// The index of the request in a capture with several requests. The default is the first signed request.
    pub entry: Option<usize>,
    /// A capture of the same request that was recorded at the sender.
    pub sent: Option<Vec<u8>>,
    /// The line that the verifier logged when it rejected the request.
    pub log: Option<String>,
    /// The time at which the request arrived at the verifier, in Unix milliseconds.
    pub at_ms: Option<u64>,
    /// A path prefix that a proxy removes from requests.
    pub prefix: Option<String>,
    /// The hosts that senders use to call the service.
    pub hosts: Vec<String>,
    /// The settings of the verifier. If `schemes` is empty, all schemes are accepted.
    pub settings: VerifierConfig,
}

/// The error for invalid input. The message contains the name of the invalid member, or its value if the
/// value cannot be a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub(super) String);

impl core::fmt::Display for Refused {
    /// Control characters are escaped, because the message can contain text from a capture and is shown in a
    /// terminal.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(&printable(&self.0))
    }
}

impl core::error::Error for Refused {}

impl From<ConfigError> for Refused {
    fn from(error: ConfigError) -> Self {
        Self(error.to_string())
    }
}

const NAMES: [&str; 16] = [
    "capture",
    "captureBase64",
    "sent",
    "sentBase64",
    "entry",
    "log",
    "at",
    "prefix",
    "hosts",
    "service",
    "schemes",
    "past",
    "future",
    "authorities",
    "ignoreAuthority",
    "scheme",
];

impl Input {
    /// Parses input from a JSON object.
    ///
    /// The required members are either `capture` or `captureBase64`, and `service`, which only the scheme
    /// `client` does not require. The optional members are `sent` or `sentBase64`, `entry`, `log`, `at` (Unix
    /// milliseconds as a number, or a time as a string), `prefix` and `hosts`. The optional settings of the
    /// verifier are `schemes`, `past` and `future` (in seconds), `authorities`, `ignoreAuthority` and `scheme`.
    ///
    /// # Errors
    /// [`Refused`] with the name of the invalid member.
    pub fn of_json(text: &str) -> Result<Self, Refused> {
        let Ok(Value::Object(given)) = serde_json::from_str(text) else {
            return Err(Refused("the input is not a JSON object".to_owned()));
        };
        if let Some(name) = given.keys().find(|name| !NAMES.contains(&name.as_str())) {
            let near = nearest(name, &NAMES).map(|near| format!("; did you mean {near}?"));
            let name = crate::redact::shown(name);
            return Err(Refused(format!("{name} is not a member of the input{}", near.unwrap_or_default())));
        }
        let members = Members(&given);
        let capture = members.bytes("capture", "captureBase64")?;
        let capture = capture.ok_or_else(|| Refused("capture: pass a captured request".to_owned()))?;
        Ok(Self {
            capture,
            entry: members.number("entry")?.and_then(|entry| usize::try_from(entry).ok()),
            sent: members.bytes("sent", "sentBase64")?,
            log: members.text("log")?,
            at_ms: members.time("at")?,
            prefix: members.text("prefix")?,
            hosts: members.texts("hosts")?,
            settings: VerifierConfig {
                service: members.text("service")?.unwrap_or_default(),
                schemes: members.texts("schemes")?,
                past_ms: members.number("past")?.map(|seconds| seconds.saturating_mul(1000)),
                future_ms: members.number("future")?.map(|seconds| seconds.saturating_mul(1000)),
                authorities: members.texts("authorities")?,
                ignore_authority: members.flag("ignoreAuthority")?,
                scheme: members.text("scheme")?,
                ..VerifierConfig::default()
            },
        })
    }

    /// Parses a time of arrival, given in Unix seconds or in ISO 8601 with a time zone. Returns Unix
    /// milliseconds.
    ///
    /// # Errors
    /// [`Refused`] if the text is not a time.
    pub fn time(text: &str) -> Result<u64, Refused> {
        let advice = "is not a time; pass Unix seconds, or ISO 8601 with its zone";
        time::of_text(text).ok_or_else(|| Refused(format!("{} {advice}", crate::redact::shown(text))))
    }

    /// Returns the policy of the verifier.
    pub(super) fn policy(&self) -> Result<Policy, Refused> {
        let mut settings = self.settings.clone();
        if settings.schemes.is_empty() {
            let all = ["message", "pairwise", "client"];
            // `message` and `pairwise` require a service name.
            let all = if settings.service.is_empty() { all.get(2..).unwrap_or_default() } else { &all };
            settings.schemes = all.iter().map(|name| (*name).to_owned()).collect();
        }
        if settings.authorities.is_empty() && !settings.ignore_authority {
            settings.authorities = vec!["any".to_owned()];
        }
        let has_limit = settings.max_body_bytes.is_some();
        let mut policy = settings.into_policy()?;
        if !has_limit {
            policy.max_body_bytes = u64::MAX;
        }
        Ok(policy)
    }
}

struct Members<'v>(&'v serde_json::Map<String, Value>);

impl Members<'_> {
    fn given(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<String>, Refused> {
        self.given(name)
            .map(|value| value.as_str().map(ToOwned::to_owned).ok_or_else(|| wrong(name, "a text")))
            .transpose()
    }

    fn texts(&self, name: &str) -> Result<Vec<String>, Refused> {
        let Some(value) = self.given(name) else { return Ok(Vec::new()) };
        let list = value.as_array().map(Vec::as_slice).unwrap_or(core::slice::from_ref(value));
        let texts: Option<_> = list.iter().map(|each| each.as_str().map(ToOwned::to_owned)).collect();
        texts.ok_or_else(|| wrong(name, "a list of texts"))
    }

    fn flag(&self, name: &str) -> Result<bool, Refused> {
        let flag = self.given(name).map(|value| value.as_bool().ok_or_else(|| wrong(name, "true or false")));
        flag.transpose().map(Option::unwrap_or_default)
    }

    fn number(&self, name: &str) -> Result<Option<u64>, Refused> {
        self.given(name)
            .map(|value| value.as_u64().ok_or_else(|| wrong(name, "a whole number that is not negative")))
            .transpose()
    }

    fn time(&self, name: &str) -> Result<Option<u64>, Refused> {
        match self.given(name) {
            Some(Value::String(text)) => Input::time(text).map(Some),
            _ => self.number(name),
        }
    }

    fn bytes(&self, name: &str, encoded: &str) -> Result<Option<Vec<u8>>, Refused> {
        match (self.text(name)?, self.text(encoded)?) {
            (Some(text), _) => Ok(Some(text.into_bytes())),
            (None, Some(text)) if text.is_empty() => Ok(Some(Vec::new())),
            (None, Some(text)) => base64_secret(encoded, &text)
                .map(|bytes| Some(bytes.to_vec()))
                .map_err(|_| wrong(encoded, "standard Base64")),
            (None, None) => Ok(None),
        }
    }
}

fn wrong(name: &str, expected: &str) -> Refused {
    Refused(format!("{name}: pass {expected}"))
}
