//! The parser for the log records that verifiers write in all languages. Supported formats are JSON,
//! `key=value` pairs and plain text.

use sealwire_core::{Reason, Scheme, canonical_name};
use serde_json::Value;

use super::time::of_iso;

/// The fields of a log record. A field is `None` if the record does not contain it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Logged {
    pub(crate) reason: Option<Reason>,
    pub(crate) sender: Option<String>,
    pub(crate) method: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) field: Option<String>,
    pub(crate) scheme: Option<Scheme>,
    pub(crate) age_ms: Option<i64>,
    /// The time of the log record in Unix milliseconds.
    pub(crate) at_ms: Option<u64>,
}

/// A logged path of at least this length in bytes may have been truncated.
const MAX_SHOWN: usize = 253;
const MAX_AGE_MS: f64 = 1e15;

/// The names of each field: the first is used by Python and Rust, the second by Node.js.
const SENDER: [&str; 2] = ["sealwire_sender", "clientId"];
const METHOD: [&str; 2] = ["sealwire_method", "method"];
const PATH: [&str; 2] = ["sealwire_path", "path"];
const FIELD: [&str; 2] = ["sealwire_field", "field"];
const SCHEME: [&str; 2] = ["sealwire_scheme", "scheme"];
const AGE: [&str; 2] = ["sealwire_age_ms", "ageMs"];
const REASON: [&str; 3] = ["sealwire_reason", "code", "reason"];
const TIME: [&str; 3] = ["timestamp", "time", "@timestamp"];
const MESSAGE: [&str; 4] = ["message", "msg", "event", "log"];
/// JSON members in which some log formats nest the fields.
const NESTED: [&str; 3] = ["fields", "extra", "record"];

impl Logged {
    /// Parses the log line that the caller passed together with a capture. Returns an empty record if the
    /// line does not report a rejection.
    pub(crate) fn read(line: &str) -> Self {
        let line = line.trim();
        Self::of_line(line).unwrap_or_default()
    }

    /// Parses a log line. Returns `None` if the line does not report a rejection.
    pub(crate) fn of_line(line: &str) -> Option<Self> {
        match serde_json::from_str::<Value>(line) {
            Ok(record) => Self::of_record(&record),
            Err(_) => Self::of_json_after_text(line).or_else(|| Self::of_plain(line)),
        }
    }

    /// Parses a JSON record that follows the prefix of a log collector.
    fn of_json_after_text(line: &str) -> Option<Self> {
        let record = serde_json::from_str::<Value>(line.get(line.find('{')?..)?).ok()?;
        Self::of_record(&record)
    }

    fn of_plain(line: &str) -> Option<Self> {
        Self::of_pairs(line).or_else(|| Self::of_text(line))
    }

    /// Parses a JSON record.
    pub(crate) fn of_record(record: &Value) -> Option<Self> {
        let nested = NESTED.iter().filter_map(|name| record.get(name)).chain([record]);
        let objects: Vec<&Value> = nested.filter(|value| value.is_object()).collect();
        let text = |names: &[&str]| {
            let all = objects.iter().flat_map(|object| names.iter().filter_map(|name| object.get(name)));
            all.filter_map(Value::as_str).map(ToOwned::to_owned).next()
        };
        let number = |names: &[&str]| {
            let all = objects.iter().flat_map(|object| names.iter().filter_map(|name| object.get(name)));
            all.filter_map(Value::as_f64).find(|number| number.abs() < MAX_AGE_MS)
        };
        let inner = text(&MESSAGE).unwrap_or_default();
        // Log collectors store the application's log line in a member of their own record.
        let found = if inner.trim_start().starts_with('{') {
            serde_json::from_str::<Value>(&inner).ok().and_then(|record| Self::of_record(&record))
        } else {
            Self::of_plain(&inner)
        };
        let found = found.unwrap_or_default();
        let reason = REASON.iter().filter_map(|name| text(&[name])).find_map(|name| reason_of(&name));
        let logged = Self {
            reason: reason.or(found.reason),
            sender: text(&SENDER).or(found.sender),
            method: text(&METHOD).or(found.method),
            path: text(&PATH).or(found.path),
            field: text(&FIELD).or(found.field),
            scheme: text(&SCHEME).and_then(|name| Scheme::from_name(&name)).or(found.scheme),
            age_ms: number(&AGE).map(whole).or(found.age_ms),
            at_ms: text(&TIME)
                .and_then(|time| of_iso(&time))
                .or_else(|| number(&TIME).and_then(milliseconds)),
        };
        logged.reason.is_some().then_some(logged)
    }

    /// Parses pairs such as `sealwire_reason="replayed"`, which the default formatter of Rust's `tracing`
    /// writes.
    fn of_pairs(line: &str) -> Option<Self> {
        let value = |name: &str| {
            let (_, rest) = line.split_once(&format!("{name}="))?;
            let rest = rest.strip_prefix("Some(").unwrap_or(rest);
            match rest.strip_prefix('"') {
                Some(quoted) => quoted.split('"').next().map(ToOwned::to_owned),
                None => rest.split([' ', ')', ',']).next().map(ToOwned::to_owned),
            }
        };
        let [sender, _] = SENDER;
        let [method, _] = METHOD;
        let [path, _] = PATH;
        let [scheme, _] = SCHEME;
        let [age, _] = AGE;
        let [field, _] = FIELD;
        Some(Self {
            reason: Some(reason_of(&value("sealwire_reason")?)?),
            sender: value(sender),
            method: value(method),
            path: value(path),
            field: value(field),
            scheme: value(scheme).and_then(|name| Scheme::from_name(&name)),
            age_ms: value(age).and_then(|age| age.parse().ok()),
            at_ms: line.split(' ').next().and_then(of_iso),
        })
    }

    /// Parses the Python message `request rejected: reason, from sender: METHOD /path` and the shorter
    /// message `pairwise request rejected: reason`.
    fn of_text(line: &str) -> Option<Self> {
        let (before, rest) =
            ["request rejected: ", "request observed: "].iter().find_map(|lead| line.split_once(lead))?;
        let name = rest.split(|letter: char| !letter.is_ascii_lowercase() && letter != '_').next()?;
        let reason = reason_of(name)?;
        let mut logged = Self {
            reason: Some(reason),
            scheme: before.split_whitespace().next_back().and_then(Scheme::from_name),
            ..Self::default()
        };
        if let Some((sender, request)) =
            rest.split_once(", from ").and_then(|(_, after)| after.split_once(": "))
        {
            // The path may contain spaces. It is followed by the peer address in parentheses.
            let request = request.rsplit_once(" (").map_or(request, |(request, _)| request);
            let (method, path) = request.trim_end().split_once(' ').unzip();
            logged.sender = Some(sender.to_owned());
            logged.method = method.map(ToOwned::to_owned);
            logged.path = path.map(ToOwned::to_owned);
        }
        Some(logged)
    }

    /// Returns the logged path if it definitely differs from `path`. Both paths are percent-decoded before
    /// the comparison, because some frameworks log the decoded path.
    pub(crate) fn other_path(&self, path: &str) -> Option<&str> {
        let logged = self.path.as_deref().filter(|logged| logged.starts_with('/'))?;
        let (own, other) = (decoded(path), decoded(logged));
        let cut = other.strip_suffix(b"...").unwrap_or(&other);
        let may_be_cut = logged.len() >= MAX_SHOWN && own.starts_with(cut);
        // Verifiers log unprintable characters as U+FFFD.
        let is_unknown = logged.contains(char::REPLACEMENT_CHARACTER);
        (own != other && !may_be_cut && !is_unknown).then_some(logged)
    }

    /// Returns `true` if the logged path differs from `path` only in a prefix, a trailing slash or letter
    /// case.
    pub(crate) fn is_rewritten(&self, path: &str) -> bool {
        let Some(logged) = self.other_path(path) else { return false };
        let (own, other) = (decoded(path).to_ascii_lowercase(), decoded(logged).to_ascii_lowercase());
        let own = own.strip_suffix(b"/").unwrap_or(&own);
        let other = other.strip_suffix(b"/").unwrap_or(&other);
        own == other || (own.ends_with(other) || other.ends_with(own)) && !own.is_empty() && !other.is_empty()
    }

    /// Returns a description of the first logged value that differs from the request, which means that the
    /// record belongs to another request.
    pub(crate) fn of_other_request(&self, sender: &str, method: &str, path: &str) -> Option<String> {
        let known = |text: &&str| !text.is_empty() && *text != "unknown";
        if let Some(other) = self.sender.as_deref().filter(known)
            && canonical_name(other) != canonical_name(sender)
        {
            return Some(format!("the sender {}", crate::redact::shown(other)));
        }
        if let Some(other) = self.method.as_deref().filter(known)
            && !other.eq_ignore_ascii_case(method)
        {
            return Some(format!("the method {}", crate::redact::shown(other)));
        }
        let other = self.other_path(path)?;
        Some(format!("the path {}", crate::redact::shown(other)))
    }
}

/// Decodes percent-encoding. Malformed escape sequences are preserved.
fn decoded(path: &str) -> Vec<u8> {
    let mut bytes = path.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    while let Some((first, rest)) = bytes.split_first() {
        let digits =
            rest.get(..2).filter(|digits| *first == b'%' && digits.iter().all(u8::is_ascii_hexdigit));
        let byte = digits.and_then(|digits| core::str::from_utf8(digits).ok());
        match byte.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                bytes = rest.get(2..).unwrap_or_default();
            }
            None => {
                decoded.push(*first);
                bytes = rest;
            }
        }
    }
    decoded
}

fn reason_of(name: &str) -> Option<Reason> {
    Reason::ALL.into_iter().find(|reason| reason.name() == name)
}

/// Converts a number in Unix milliseconds. Returns `None` for times in seconds, because they are not precise
/// enough.
fn milliseconds(number: f64) -> Option<u64> {
    u64::try_from(whole(number)).ok().filter(|ms| *ms > 100_000_000_000)
}

#[expect(clippy::cast_possible_truncation, reason = "the number is limited to 10^15")]
fn whole(number: f64) -> i64 {
    number as i64
}

#[cfg(test)]
mod tests {
    use super::Logged;
    use sealwire_core::{Reason, Scheme};

    #[test]
    fn records_of_all_languages_are_read() {
        let python = "WARNING request rejected: stale_timestamp, from agent: POST /graphql (10.0.0.7)";
        let json = r#"{"message": "request rejected", "sealwire_reason": "stale_timestamp", "sealwire_sender": "agent",
            "sealwire_method": "POST", "sealwire_path": "/graphql", "sealwire_age_ms": 901000}"#;
        let node = r#"{"Authorized": false, "reason": "Stale timestamp", "clientId": "agent", "code": "stale_timestamp",
            "scheme": "client", "ageMs": 901000, "method": "POST", "path": "/graphql"}"#;
        let nested = r#"{"timestamp": "2026-11-29T20:00:00Z", "level": "WARN", "target": "sealwire", "fields": {"message":
            "request rejected", "sealwire_reason": "stale_timestamp", "sealwire_sender": "agent", "sealwire_age_ms": 901000,
            "sealwire_method": "POST", "sealwire_path": "/graphql"}}"#;
        let rust = "2026-11-29T20:00:00.000000Z  WARN sealwire: request rejected sealwire_event=\"rejected\" \
            sealwire_reason=\"stale_timestamp\" sealwire_sender=\"agent\" sealwire_age_ms=901000 sealwire_method=\"POST\" \
            sealwire_path=\"/graphql\"";
        let after = format!("app-1  | {json}");
        let collected = serde_json::json!({ "log": node, "stream": "stderr" }).to_string();
        for line in [python, json, node, nested, rust, &after, &collected] {
            let found = Logged::read(line);
            assert_eq!(found.reason, Some(Reason::StaleTimestamp), "{line}");
            assert_eq!(found.sender.as_deref(), Some("agent"), "{line}");
            assert_eq!(found.path.as_deref(), Some("/graphql"), "{line}");
            assert_eq!(found.method.as_deref(), Some("POST"), "{line}");
            assert_eq!(found.age_ms, (line != python).then_some(901_000), "{line}");
        }
        let plain = Logged::read("pairwise request rejected: unknown_client");
        assert_eq!((plain.reason, plain.scheme), (Some(Reason::UnknownClient), Some(Scheme::Pairwise)));
        for line in ["", "{}", "GET / 401", "request rejected: because, from a: GET /", "[1]", "\"x\""] {
            assert_eq!(Logged::of_line(line), None, "{line}");
        }
    }

    #[test]
    fn a_record_of_another_request_is_recognised() {
        let of = |line: &str| Logged::read(line).of_other_request("agent", "GET", "/x").is_some();
        assert!(!of("request rejected: replayed, from agent: get /x (1)"));
        assert!(!of("request rejected: replayed, from unknown: GET /%78 (1)"));
        assert!(of("request rejected: replayed, from meals: GET /x (1)"));
        assert!(of("request rejected: replayed, from agent: POST /x (1)"));
        assert!(of("request rejected: replayed, from agent: GET /y (1)"));
    }

    #[test]
    fn a_truncated_path_is_not_a_different_path() {
        let long = format!("/{}", "a".repeat(400));
        let logged = |path: &str| Logged { path: Some(path.to_owned()), ..Logged::default() };
        assert_eq!(logged("/b").other_path("/a"), Some("/b"));
        assert_eq!(logged("/a").other_path("/a"), None);
        assert_eq!(logged("/a b/\u{e9}").other_path("/a%20b/%C3%A9"), None);
        assert_eq!(logged("/a%20b").other_path("/a b"), None);
        assert_eq!(logged("/a c").other_path("/a%20b"), Some("/a c"));
        let text = Logged::read("request rejected: replayed, from agent: GET /a b (c) (10.0.0.7)");
        assert_eq!(text.path.as_deref(), Some("/a b (c)"));
        assert_eq!(logged(&long[..256]).other_path(&long), None);
        assert_eq!(logged(&format!("{}...", &long[..253])).other_path(&long), None);
    }
}
