//! Reads the fields of a test case. If a field does not match the schema, the program exits with an error.

use serde_json::Value;

use crate::Fallible;
use sealwire_core::{Header, Request};

pub(crate) fn field<'v>(value: &'v Value, name: &str) -> Fallible<&'v Value> {
    value.get(name).ok_or_else(|| format!("no {name}").into())
}

pub(crate) fn text<'v>(value: &'v Value, name: &str) -> Fallible<&'v str> {
    field(value, name)?.as_str().ok_or_else(|| format!("{name} is not a string").into())
}

pub(crate) fn number(value: &Value, name: &str) -> Fallible<u64> {
    field(value, name)?.as_u64().ok_or_else(|| format!("{name} is not a number").into())
}

pub(crate) fn items<'v>(value: &'v Value, name: &str) -> Fallible<&'v [Value]> {
    field(value, name)?.as_array().map(Vec::as_slice).ok_or_else(|| format!("{name} is not a list").into())
}

/// Returns a list of strings. The list is empty if the field is missing.
pub(crate) fn texts<'v>(value: &'v Value, name: &str) -> Vec<&'v str> {
    value.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

pub(crate) fn flag(value: &Value, name: &str, default: bool) -> bool {
    value.get(name).and_then(Value::as_bool).unwrap_or(default)
}

pub(crate) fn bytes(value: &Value, name: &str) -> Fallible<Vec<u8>> {
    Ok(hex::decode(text(value, name)?)?)
}

/// Converts each character of a string to one byte.
pub(crate) fn wire(text: &str) -> Fallible<Vec<u8>> {
    Ok(text.chars().map(u8::try_from).collect::<Result<_, _>>()?)
}

/// A request that owns its data.
pub(crate) struct Wire {
    method: Vec<u8>,
    target: Vec<u8>,
    authority: Vec<u8>,
    scheme: Vec<u8>,
    headers: Vec<(Vec<u8>, Vec<u8>)>,
    pub(crate) body: Vec<u8>,
}

impl Wire {
    pub(crate) fn new(request: &Value) -> Fallible<Self> {
        let part = |name| text(request, name).and_then(wire);
        Ok(Self {
            method: part("method")?,
            target: part("target")?,
            authority: part("authority")?,
            scheme: part("scheme")?,
            headers: headers(request)?,
            body: body(request)?,
        })
    }

    /// Converts the request to [`http::Request`]. Returns `None` if this type cannot represent the request.
    pub(crate) fn http(&self) -> Option<http::Request<&[u8]>> {
        let mut uri = http::uri::Parts::default();
        uri.path_and_query = Some(http::uri::PathAndQuery::try_from(self.target.as_slice()).ok()?);
        if !self.authority.is_empty() {
            uri.authority = Some(http::uri::Authority::try_from(self.authority.as_slice()).ok()?);
            uri.scheme = Some(http::uri::Scheme::try_from(self.scheme.as_slice()).ok()?);
        }
        let mut request = http::Request::new(self.body.as_slice());
        *request.method_mut() = http::Method::from_bytes(&self.method).ok()?;
        *request.uri_mut() = http::Uri::from_parts(uri).ok()?;
        for (name, value) in &self.headers {
            let name = http::HeaderName::from_bytes(name).ok()?;
            request.headers_mut().try_append(name, http::HeaderValue::from_bytes(value).ok()?).ok()?;
        }
        let is_same =
            request.uri().path_and_query().is_some_and(|sent| sent.as_str().as_bytes() == self.target);
        // A URI without an authority has no scheme, so the request must use the default scheme. Requests with
        // a `Host` header are skipped, because the header could differ from the URI's authority.
        let has_scheme = !self.authority.is_empty() || self.scheme == b"http";
        (is_same && has_scheme && !request.headers().contains_key("host")).then_some(request)
    }

    pub(crate) fn with<T>(&self, look: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers = views(&self.headers);
        look(&Request {
            method: &self.method,
            target: &self.target,
            authority: &self.authority,
            scheme: &self.scheme,
            headers: &headers,
        })
    }
}

pub(crate) fn headers(message: &Value) -> Fallible<Vec<(Vec<u8>, Vec<u8>)>> {
    let pair =
        |header: &Value| match (header.get(0).and_then(Value::as_str), header.get(1).and_then(Value::as_str))
        {
            (Some(name), Some(value)) => Ok((wire(name)?, wire(value)?)),
            _ => Err("a header is not a name and a value".into()),
        };
    items(message, "headers")?.iter().map(pair).collect()
}

pub(crate) fn views(headers: &[(Vec<u8>, Vec<u8>)]) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header { name, value }).collect()
}

fn body(request: &Value) -> Fallible<Vec<u8>> {
    if let Some(repeat) = request.get("body_repeat") {
        return Ok(text(repeat, "text")?.repeat(usize::try_from(number(repeat, "times")?)?).into_bytes());
    }
    match request.get("body_hex") {
        Some(_) => bytes(request, "body_hex"),
        None => Ok(request.get("body").and_then(Value::as_str).unwrap_or_default().as_bytes().to_vec()),
    }
}
