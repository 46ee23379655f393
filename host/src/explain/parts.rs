//! Splits a signing input into parts that can be displayed without secrets.

use sealwire_core::http_signature::content_digest::{ContentDigest, FORMATTED_LENGTH};
use sealwire_core::{BodyRule, Scheme, message};

use super::bench::Reading;
use super::capture::{Captured, text};
use super::result::Component;

/// The number of displayed characters of a digest.
const SHOWN_DIGITS: usize = 32;
/// A header whose name contains one of these strings may have a secret value, so its value is not displayed.
const SECRETS: [&str; 11] = [
    "auth",
    "cookie",
    "token",
    "secret",
    "passw",
    "pwd",
    "apikey",
    "api-key",
    "api_key",
    "session",
    "credential",
];
/// The maximum length of a displayed value, in characters.
const MAX_SHOWN_CHARS: usize = 400;

/// A part of the signing input.
pub(super) struct Part {
    name: String,
    /// The value to display, with secrets replaced.
    shown: String,
    /// The complete value, used only for comparisons.
    value: String,
}

impl Part {
    fn new(name: &str, shown: String, value: &str) -> Self {
        Self { name: name.to_owned(), shown, value: value.to_owned() }
    }

    fn visible(name: &str, value: &str) -> Self {
        Self::new(name, shown(value), value)
    }
}

/// Splits the signing input into named parts.
pub(super) fn of(scheme: Scheme, reading: &Reading, captured: &Captured) -> Vec<Part> {
    let input = text(&reading.input);
    let mut parts = match scheme {
        Scheme::Pairwise => named(["timestamp", "sender", "receiver"], '.', &input, |rest, parts| {
            let method = captured.method.to_ascii_uppercase();
            let path = rest.strip_prefix(method.as_str()).and_then(|rest| rest.strip_prefix('.'));
            let path = path.unwrap_or(rest);
            parts.push(Part::visible("method", &method));
            parts.push(Part::visible("path", path.strip_suffix('.').unwrap_or(path)));
        }),
        Scheme::Client => named(["client id", "timestamp", "method"], ':', &input, |rest, parts| {
            let (url, id) = rest.rsplit_once(':').unwrap_or((rest, ""));
            let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
            parts.push(Part::visible("path", path));
            let shown = query.map_or_else(String::new, |query| format!("?{}", without_values(query)));
            parts.push(Part::new("query", shown, url.strip_prefix(path).unwrap_or_default()));
            parts.push(Part::visible("request id", id));
        }),
        _ => input.lines().map(line).collect(),
    };
    if !matches!(reading.body, BodyRule::Unsigned) {
        let body = captured.body.as_deref();
        let hash = body.map_or_else(|| "not captured".to_owned(), hash);
        parts.push(Part::new("body", hash.clone(), &hash));
    }
    parts
}

/// Compares the parts of the arrived request with the parts of the signed request.
pub(super) fn compared(arrived: Option<Vec<Part>>, signed: Option<Vec<Part>>) -> Vec<Component> {
    let is_known = signed.is_some();
    let (arrived, known) = (arrived.unwrap_or_default(), signed.unwrap_or_default());
    let mut names: Vec<&String> = arrived.iter().map(|part| &part.name).collect();
    names.extend(known.iter().map(|part| &part.name).filter(|name| find(&arrived, name).is_none()));
    let component = |name: &String| {
        let (one, other) = (find(&arrived, name), find(&known, name));
        let same = is_known.then(|| one.map(|part| &part.value) == other.map(|part| &part.value));
        let shown = |part: Option<&Part>| part.map(|part| part.shown.clone());
        Component { name: name.clone(), arrived: shown(one), signed: shown(other), same }
    };
    names.into_iter().map(component).collect()
}

fn find<'p>(all: &'p [Part], wanted: &str) -> Option<&'p Part> {
    all.iter().find(|part| part.name == wanted)
}

/// Splits off one part for each name at the separator, and passes the rest to `last`.
fn named(
    names: [&str; 3],
    separator: char,
    input: &str,
    last: impl FnOnce(&str, &mut Vec<Part>),
) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = input;
    for name in names {
        let (part, after) = rest.split_once(separator).unwrap_or((rest, ""));
        parts.push(Part::visible(name, part));
        rest = after;
    }
    last(rest, &mut parts);
    parts
}

/// Parses a line of a `message` signature base.
fn line(line: &str) -> Part {
    let (identifier, value) = line.split_once(": ").unwrap_or((line, ""));
    let name = identifier.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(identifier);
    let shown = match name {
        "@query" => format!("?{}", without_values(value.strip_prefix('?').unwrap_or(value))),
        "@target-uri" | "@request-target" => target(value),
        name if name.starts_with("@query") => hidden(value),
        name if is_secret(name) => hidden(value),
        _ => shown(value),
    };
    Part::new(name, shown, value)
}

fn target(value: &str) -> String {
    value
        .split_once('?')
        .map_or_else(|| shown(value), |(path, query)| format!("{}?{}", shown(path), without_values(query)))
}

/// Hides the values of query fields, because a value may be a secret. A field without `=` is hidden
/// completely.
fn without_values(query: &str) -> String {
    let fields = query.split('&').take(MAX_SHOWN_CHARS).map(|field| match field.split_once('=') {
        Some((name, value)) => format!("{name}={}", hidden(value)),
        None => hidden(field),
    });
    shown(&fields.collect::<Vec<_>>().join("&"))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains(&message::SIGNATURE.to_ascii_lowercase()) && !name.starts_with('@')
        || !name.starts_with('@') && SECRETS.iter().any(|word| name.contains(word))
        || matches!(name.as_str(), "code" | "key" | "jwt" | "sig")
}

/// Returns a placeholder that contains only the length of the hidden value.
fn hidden(value: &str) -> String {
    if value.is_empty() {
        return String::new();
    }
    format!("<{} characters, not shown>", value.chars().count())
}

fn shown(value: &str) -> String {
    let printable: String = value
        .chars()
        .take(MAX_SHOWN_CHARS)
        .map(|letter| if letter.is_control() { '?' } else { letter })
        .collect();
    if printable.len() < value.len() && value.chars().count() > MAX_SHOWN_CHARS {
        return format!("{printable}... ({} characters)", value.chars().count());
    }
    printable
}

/// Returns the first characters of the body digest in `Content-Digest` format, and the length of the body.
pub(super) fn hash(value: &[u8]) -> String {
    let mut buffer = [0; FORMATTED_LENGTH];
    let digest = ContentDigest::of(value);
    let start = digest.format(&mut buffer).get(..SHOWN_DIGITS).unwrap_or_default();
    format!("{start}... ({} bytes)", value.len())
}

#[cfg(test)]
mod tests {
    use super::{compared, line};

    #[test]
    fn values_of_query_fields_are_not_shown() {
        for base in [
            "\"@query\": ?%74oken=S2&otp=S2&a=S2&S2",
            "\"@target-uri\": https://h.test/x?pass=S2",
            "\"@request-target\": /x?S2",
            "\"@query-param\";name=\"token\": S2",
            "\"cookie\": S2",
        ] {
            assert!(!line(base).shown.contains("S2"), "{base}");
        }
        assert_eq!(
            line("\"@query\": ?a=xyz&b").shown,
            "?a=<3 characters, not shown>&<1 characters, not shown>"
        );
    }

    #[test]
    fn hidden_values_are_compared() {
        let part = |value| Some(vec![line(value)]);
        let same = |one, other| compared(part(one), part(other)).first().and_then(|found| found.same);
        assert_eq!(same("\"@query\": ?a=1", "\"@query\": ?a=2"), Some(false));
        assert_eq!(same("\"@query\": ?a=1", "\"@query\": ?a=1"), Some(true));
    }
}
