//! The parts of a signing input, without secrets.

use sealwire_core::http_signature::content_digest::{ContentDigest, FORMATTED_LENGTH};
use sealwire_core::{BodyRule, Scheme, message};

use super::bench::Reading;
use super::capture::{Captured, text};
use super::result::Component;

/// The number of characters of a digest that are shown.
const SHOWN_DIGITS: usize = 32;
/// Words in the names of headers and query parameters whose values are not shown.
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
/// The longest value that is shown.
const MAX_SHOWN_CHARS: usize = 400;

/// Splits the signing input into named parts.
pub(super) fn of(scheme: Scheme, reading: &Reading, captured: &Captured) -> Vec<(String, String)> {
    let input = text(&reading.input);
    let mut parts = match scheme {
        Scheme::Pairwise => named(["timestamp", "sender", "receiver"], '.', &input, |rest, parts| {
            let method = captured.method.to_ascii_uppercase();
            let path = rest.strip_prefix(method.as_str()).and_then(|rest| rest.strip_prefix('.'));
            let path = path.unwrap_or(rest);
            parts.push(("method".to_owned(), method));
            parts.push(("path".to_owned(), shown(path.strip_suffix('.').unwrap_or(path))));
        }),
        Scheme::Client => named(["client id", "timestamp", "method"], ':', &input, |rest, parts| {
            let (url, id) = rest.rsplit_once(':').unwrap_or((rest, ""));
            let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
            parts.push(("path".to_owned(), shown(path)));
            parts.push((
                "query".to_owned(),
                query.map_or_else(String::new, |query| format!("?{}", without_secrets(query))),
            ));
            parts.push(("request id".to_owned(), shown(id)));
        }),
        _ => input.lines().map(line).collect(),
    };
    if !matches!(reading.body, BodyRule::Unsigned) {
        let body = captured.body.as_deref();
        parts.push(("body".to_owned(), body.map_or_else(|| "not captured".to_owned(), hash)));
    }
    parts
}

/// Compares the parts of the request as it arrived with those of the request as it was signed.
pub(super) fn compared(
    arrived: Option<Vec<(String, String)>>,
    signed: Option<Vec<(String, String)>>,
) -> Vec<Component> {
    let (known, is_known) = (signed.clone().unwrap_or_default(), signed.is_some());
    let arrived = arrived.unwrap_or_default();
    let find = |all: &[(String, String)], wanted: &str| {
        all.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone())
    };
    let mut names: Vec<&String> = arrived.iter().map(|(name, _)| name).collect();
    names.extend(known.iter().map(|(name, _)| name).filter(|name| find(&arrived, name).is_none()));
    let component = |name: &String| {
        let (one, other) = (find(&arrived, name), find(&known, name));
        let same = is_known.then(|| one == other);
        Component { name: name.clone(), arrived: one, signed: other, same }
    };
    names.into_iter().map(component).collect()
}

/// Splits off parts that end with a separator, and passes the rest to `last`.
fn named(
    names: [&str; 3],
    separator: char,
    input: &str,
    last: impl FnOnce(&str, &mut Vec<(String, String)>),
) -> Vec<(String, String)> {
    let mut parts = Vec::new();
    let mut rest = input;
    for name in names {
        let (part, after) = rest.split_once(separator).unwrap_or((rest, ""));
        parts.push((name.to_owned(), shown(part)));
        rest = after;
    }
    last(rest, &mut parts);
    parts
}

/// Splits a line of the signature base of `message`.
fn line(line: &str) -> (String, String) {
    let (identifier, value) = line.split_once(": ").unwrap_or((line, ""));
    let name = identifier.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(identifier);
    let value = match name {
        "@query" => format!("?{}", without_secrets(value.strip_prefix('?').unwrap_or(value))),
        "@target-uri" | "@request-target" => target(value),
        name if is_secret(name) => hidden(value),
        _ => shown(value),
    };
    (name.to_owned(), value)
}

fn target(value: &str) -> String {
    value
        .split_once('?')
        .map_or_else(|| shown(value), |(path, query)| format!("{}?{}", shown(path), without_secrets(query)))
}

/// Replaces the values of query parameters that may be secrets.
fn without_secrets(query: &str) -> String {
    let fields = query.split('&').map(|field| match field.split_once('=') {
        Some((name, value)) if is_secret(name) => format!("{name}={}", hidden(value)),
        _ => field.to_owned(),
    });
    shown(&fields.collect::<Vec<_>>().join("&"))
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    name.contains(&message::SIGNATURE.to_ascii_lowercase()) && !name.starts_with('@')
        || !name.starts_with('@') && SECRETS.iter().any(|word| name.contains(word))
        || matches!(name.as_str(), "code" | "key" | "jwt" | "sig")
}

/// Returns the length of a value that is not shown.
fn hidden(value: &str) -> String {
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

/// Returns the start of a body's digest, as in `Content-Digest`, and its length.
pub(super) fn hash(value: &[u8]) -> String {
    let mut buffer = [0; FORMATTED_LENGTH];
    let digest = ContentDigest::of(value);
    let start = digest.format(&mut buffer).get(..SHOWN_DIGITS).unwrap_or_default();
    format!("{start}... ({} bytes)", value.len())
}
