//! The parser for HAR files, for requests as JSON objects, and for log records in JSON.

use serde_json::Value;

use super::{Capture, Captured, chosen, refused};
use crate::explain::log::Logged;
use crate::explain::time::{of_http_date, of_iso};
use crate::secret::base64_secret;

pub(super) fn parse(content: &[u8], entry: Option<usize>) -> Result<Capture, String> {
    let Ok(file) = serde_json::from_slice::<Value>(content) else {
        return refused("the JSON is invalid");
    };
    if let Some(log) = file.get("log").filter(|log| log.get("entries").is_some()) {
        let entries = log.get("entries").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        if entries.is_empty() {
            return refused("the HAR file has no entries");
        }
        // Invalid entries are ignored unless the caller selected one of them.
        if let Some(at) = entry {
            return match entries.get(at) {
                Some(one) => of_har(one).map(Capture::Request),
                None => refused("the HAR file has no entry with this index"),
            };
        }
        let all: Vec<_> = entries.iter().filter_map(|one| of_har(one).ok()).collect();
        return chosen(all, None).map(Capture::Request);
    }
    if file.get("headers").is_none()
        && let Some(record) = Logged::of_record(&file)
    {
        return Ok(Capture::Record(record));
    }
    request(&file).map(Capture::Request)
}

/// Parses an entry of a HAR file.
fn of_har(entry: &Value) -> Result<Captured, String> {
    let Some(data) = entry.get("request") else { return refused("the HAR entry has no request") };
    let mut captured = request(data)?;
    // Browsers omit cookies and credentials from HAR files. For requests that were never sent, they write
    // only some of the headers.
    let pseudo = data.get("headers").and_then(Value::as_array).is_some_and(|all| {
        all.iter().any(|one| one.get("name").and_then(Value::as_str) == Some(":authority"))
    });
    captured.has_all_headers = pseudo || given_host(data);
    let size = data.get("bodySize").and_then(Value::as_i64).unwrap_or(-1);
    if captured.body.as_ref().is_some_and(|body| size >= 0 && i64::try_from(body.len()) != Ok(size)) {
        captured.body = None; // the text in the file is not the body that was sent
    }
    let answered = entry.get("response").and_then(|response| response.get("headers"));
    let answered = answered.and_then(|all| headers(all).ok()).unwrap_or_default();
    let date = answered.iter().find(|(name, _)| name.eq_ignore_ascii_case("date"));
    let date = date.and_then(|(_, value)| of_http_date(value)).map(|ms| (ms, "the Date of the response"));
    let started = entry.get("startedDateTime").and_then(Value::as_str).and_then(of_iso);
    captured.arrived = date.or_else(|| started.map(|ms| (ms, "startedDateTime of the HAR entry")));
    Ok(captured)
}

fn given_host(data: &Value) -> bool {
    let given = data.get("headers").and_then(|all| headers(all).ok()).unwrap_or_default();
    given.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"))
}

fn request(data: &Value) -> Result<Captured, String> {
    let named = |name: &str| data.get(name).and_then(Value::as_str);
    let (Some(method), Some(url)) = (named("method"), named("url").or_else(|| named("target"))) else {
        return refused("the JSON has no method and no url as text");
    };
    let Some(given) = data.get("headers") else { return refused("the JSON has no headers") };
    let mut captured = Captured::of_url(method, url, headers(given)?, body(data)?)?;
    captured.has_all_headers = given_host(data);
    captured.trim_body();
    Ok(captured)
}

/// Parses headers from an object, from a list of pairs, or from a list of objects as in HAR files.
pub(super) fn headers(given: &Value) -> Result<Vec<(String, String)>, String> {
    let read: Option<Vec<_>> = match given {
        Value::Null => Some(Vec::new()),
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| value.as_str().map(|value| (name.clone(), value.to_owned())))
            .collect(),
        Value::Array(list) => list.iter().map(pair).collect(),
        _ => None,
    };
    // In HAR files, HTTP/2 requests have pseudo-headers. They are skipped because the URL already contains
    // the authority.
    let named = read.map(|all| all.into_iter().filter(|(name, _)| !name.starts_with(':')).collect());
    named.map_or_else(|| refused("a header has no text"), Ok)
}

fn pair(header: &Value) -> Option<(String, String)> {
    let part = |name: &str, at: usize| header.get(name).or_else(|| header.get(at)).and_then(Value::as_str);
    Some((part("name", 0)?.to_owned(), part("value", 1)?.to_owned()))
}

/// Returns the body for a JSON object without a body. The result is an empty body if requests with this
/// method usually have none. Otherwise the body is unknown, and the result is `None`.
fn absent(data: &Value) -> Option<Vec<u8>> {
    let method = data.get("method").and_then(Value::as_str).unwrap_or_default();
    let is_empty = data.get("bodySize").and_then(Value::as_i64) == Some(0);
    let has_parameters = data.get("postData").is_some_and(|posted| !posted.is_null());
    (is_empty || !has_parameters && !has_usually_body(method)).then(Vec::new)
}

/// Returns `true` if requests with this method usually have a body.
pub(super) fn has_usually_body(method: &str) -> bool {
    ["POST", "PUT", "PATCH", "QUERY"].iter().any(|name| method.eq_ignore_ascii_case(name))
}

fn body(data: &Value) -> Result<Option<Vec<u8>>, String> {
    let posted = data.get("postData");
    let is_base64 =
        posted.and_then(|posted| posted.get("encoding")).and_then(Value::as_str) == Some("base64");
    let encoded =
        if is_base64 { posted.and_then(|posted| posted.get("text")) } else { data.get("bodyBase64") };
    if let Some(encoded) = encoded.and_then(Value::as_str) {
        if encoded.is_empty() {
            return Ok(Some(Vec::new()));
        }
        let bytes = base64_secret("body", encoded).ok();
        return bytes.map_or_else(|| refused("the body is not Base64"), |bytes| Ok(Some(bytes.to_vec())));
    }
    match posted.and_then(|posted| posted.get("text")).or_else(|| data.get("body")) {
        None | Some(Value::Null) => Ok(absent(data)),
        Some(Value::String(text)) => Ok(Some(text.as_bytes().to_vec())),
        Some(_) => {
            refused("the body must be the text that was sent; JSON that was parsed and printed again differs")
        }
    }
}
