//! The parser for calls that browsers copy with "Copy as fetch":
//!
//! `fetch("url", {"headers": {..}, "body": "..", "method": "POST"});`

use serde_json::Value;

use super::{Captured, json, refused};

pub(super) fn parse(content: &str) -> Result<Captured, String> {
    let (_, arguments) = content.split_once("fetch(").unwrap_or_default();
    let arguments = arguments.trim().trim_end_matches(';').trim_end();
    let arguments = arguments.strip_suffix(')').unwrap_or(arguments);
    let Ok(Value::Array(values)) = serde_json::from_str(&format!("[{arguments}]")) else {
        return refused("the arguments of fetch are not JSON, as browsers write them");
    };
    let Some(url) = values.first().and_then(Value::as_str) else {
        return refused("the first argument of fetch is not a URL");
    };
    let options = values.get(1).unwrap_or(&Value::Null);
    let method = options.get("method").and_then(Value::as_str).unwrap_or("GET");
    let headers = json::headers(options.get("headers").unwrap_or(&Value::Null))?;
    let body = options.get("body").and_then(Value::as_str).map(|body| body.as_bytes().to_vec());
    let body = body.or_else(|| (!json::has_usually_body(method)).then(Vec::new));
    let mut captured = Captured::of_url(method, url, headers, body)?;
    // Browsers add headers that the call does not contain.
    captured.has_all_headers = false;
    Ok(captured)
}
