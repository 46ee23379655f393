//! Parsers for captured requests. The accepted formats are raw HTTP/1, the output of `curl -v`, HAR files,
//! JSON, and the text that browsers copy with "Copy as cURL" or "Copy as fetch".

mod curl;
mod fetch;
mod json;
mod options;
mod raw;
mod shell;
mod verbose;

use sealwire_core::{client, message, pairwise};

use super::log::Logged;

/// A request captured by a client, a server or a proxy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// The HTTP method of the request.
    pub method: String,
    /// The request target in origin-form, including the query.
    pub target: String,
    /// The URL scheme, if the capture contains it.
    pub scheme: Option<String>,
    /// The names and values of the header lines, in their original order.
    pub headers: Vec<(String, String)>,
    /// The body, or `None` if the capture does not contain the complete body.
    pub body: Option<Vec<u8>>,
    /// Whether the capture contains all headers. If so, a header that is missing in the capture was not sent.
    pub(crate) has_all_headers: bool,
    /// Whether a text editor may have added the line break at the end of the body.
    pub(crate) is_edited: bool,
    /// The time of arrival in Unix milliseconds, and a description of its source for messages.
    pub(crate) arrived: Option<(u64, &'static str)>,
}

/// A parsed capture.
#[derive(Debug)]
pub(crate) enum Capture {
    Request(Captured),
    /// A log record of a verifier. It contains no signature.
    Record(Logged),
}

/// The accepted capture formats, for error messages and documentation.
pub const CAPTURE_FORMS: [&str; 7] = [
    "raw HTTP/1 with its headers",
    "the output of curl -v",
    "a HAR file",
    r#"JSON such as {"method": "GET", "url": "/path", "headers": {}, "body": ""}"#,
    "the browser's \"copy as cURL (bash)\"",
    "the browser's \"copy as fetch\"",
    "a log record of a Sealwire verifier",
];

/// Returns the error for content that cannot be parsed as a capture.
pub(crate) fn refused<T>(cause: &str) -> Result<T, String> {
    Err(format!("{cause}; use one of: {}", CAPTURE_FORMS.join(", ")))
}

/// The maximum size of a capture in bytes.
const MAX_CAPTURE_BYTES: usize = 64 << 20;
/// The headers that contain a signature.
pub(crate) const SIGNATURE_HEADERS: [&str; 3] = [message::SIGNATURE, pairwise::SIGNATURE, client::SIGNATURE];

/// Parses a capture. `entry` is the index of the request in a capture with several requests. If it is `None`,
/// the first signed request is used.
pub(crate) fn parse(content: &[u8], entry: Option<usize>) -> Result<Capture, String> {
    if content.len() > MAX_CAPTURE_BYTES {
        return refused("the capture exceeds 64 MiB");
    }
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    let start = content.trim_ascii_start();
    let captured = if start.starts_with(b"{") || start.starts_with(b"[") {
        match json::parse(content, entry)? {
            Capture::Request(captured) => captured,
            record @ Capture::Record(_) => return Ok(record),
        }
    } else if start.starts_with(b"curl ") || start.starts_with(b"curl.exe ") {
        curl::parse(&text(start))?
    } else if start.starts_with(b"fetch(") || start.starts_with(b"await fetch(") {
        fetch::parse(&text(start))?
    } else if verbose::is_output(content) {
        verbose::parse(&text(content), entry)?
    } else if let Some(record) = Logged::of_line(&text(start)) {
        return Ok(Capture::Record(record));
    } else {
        raw::parse(start)?
    };
    if captured.headers.iter().all(|(name, _)| name.eq_ignore_ascii_case("host")) {
        return refused("the capture has no headers, so it cannot show whether the request was signed");
    }
    Ok(Capture::Request(captured))
}

impl Captured {
    /// Creates a captured request from a URL and headers. If there is no `Host` header, one is created from
    /// the URL.
    fn of_url(
        method: &str,
        url: &str,
        headers: Vec<(String, String)>,
        body: Option<Vec<u8>>,
    ) -> Result<Self, String> {
        if !is_method(method) {
            return refused("the capture has no valid method");
        }
        let url = url.split('#').next().unwrap_or_default();
        let split = crate::Url::split(url.as_bytes(), &[]);
        let is_absolute = !split.authority.is_empty();
        if !is_absolute && !url.starts_with('/') && url != "*" {
            return refused("the capture has no valid URL");
        }
        let mut target = text(split.target);
        if target.starts_with('?') {
            target.insert(0, '/');
        }
        let mut captured = Self {
            method: method.to_owned(),
            target,
            scheme: is_absolute.then(|| text(split.scheme).to_ascii_lowercase()),
            headers,
            body,
            has_all_headers: true,
            is_edited: false,
            arrived: None,
        };
        if is_absolute && captured.header("host").is_none() {
            captured.headers.insert(0, ("Host".to_owned(), text(split.authority)));
        }
        Ok(captured)
    }

    /// Returns the target without the query.
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// Returns the query without the question mark, or `None` if the target contains no question mark.
    pub(crate) fn query(&self) -> Option<&str> {
        self.target.split_once('?').map(|(_, query)| query)
    }

    /// Returns the first value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(held, _)| held.eq_ignore_ascii_case(name));
        found.next().map(|(_, value)| value.as_str())
    }

    pub(crate) fn count(&self, name: &str) -> usize {
        self.headers.iter().filter(|(held, _)| held.eq_ignore_ascii_case(name)).count()
    }

    /// Returns `true` if the request has a signature in any scheme.
    pub(crate) fn is_signed(&self) -> bool {
        SIGNATURE_HEADERS.iter().any(|name| self.header(name).is_some())
    }

    /// Sets the value of a header, or removes the header if the value is `None`.
    pub(crate) fn set_header(&mut self, name: &str, value: Option<&str>) {
        let place = self.headers.iter().position(|(held, _)| held.eq_ignore_ascii_case(name));
        let given = place.and_then(|at| self.headers.get(at)).map(|(held, _)| held.clone());
        self.headers.retain(|(held, _)| !held.eq_ignore_ascii_case(name));
        if let Some(value) = value {
            let line = (given.unwrap_or_else(|| name.to_owned()), value.to_owned());
            self.headers.insert(place.unwrap_or(self.headers.len()).min(self.headers.len()), line);
        }
    }

    pub(crate) fn set_path(&mut self, path: &str) {
        self.target = match self.query() {
            Some(query) => format!("{path}?{query}"),
            None => path.to_owned(),
        };
    }

    /// Replaces the query, or removes it with its question mark if the new query is `None`.
    pub(crate) fn set_query(&mut self, query: Option<&str>) {
        self.target = match query {
            Some(query) => format!("{}?{query}", self.path()),
            None => self.path().to_owned(),
        };
    }

    /// Truncates the body to its `Content-Length` if only whitespace is cut off, because a text editor may
    /// have added a line break. A body shorter than its `Content-Length` is incomplete and is removed.
    fn trim_body(&mut self) {
        let Some(length) = self.header("content-length").and_then(|text| text.trim().parse::<usize>().ok())
        else {
            return;
        };
        match &mut self.body {
            Some(body) if body.len() < length => self.body = None,
            Some(body) if body.get(length..).unwrap_or_default().trim_ascii().is_empty() => {
                body.truncate(length);
                self.is_edited = false;
            }
            _ => {}
        }
    }
}

/// Returns the request at the index `entry`. Without an index, it returns the first signed request.
fn chosen(mut all: Vec<Captured>, entry: Option<usize>) -> Result<Captured, String> {
    let at = entry.or_else(|| all.iter().position(Captured::is_signed)).unwrap_or_default();
    if at < all.len() { Ok(all.swap_remove(at)) } else { refused("the capture contains fewer requests") }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn is_method(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(is_token)
}

fn is_token(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte)
}

/// Splits a header line into its name and value. Returns `None` if the line is not a valid header line.
fn header_line(line: &str) -> Option<(String, String)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    (!name.is_empty() && name.bytes().all(is_token)).then(|| (name.to_owned(), value.trim().to_owned()))
}

/// Parses a request line and its header lines.
fn head<'t>(
    lead: &str,
    lines: impl Iterator<Item = &'t str>,
    body: Option<Vec<u8>>,
) -> Result<Captured, String> {
    const NO_LINE: &str = "the first line is not a request line such as GET /path HTTP/1.1";
    let words: Vec<&str> = lead.split(' ').collect();
    let [method, target, version] = words.as_slice() else { return refused(NO_LINE) };
    if !is_method(method) || !version.starts_with("HTTP/") {
        return refused(NO_LINE);
    }
    let headers: Option<Vec<_>> = lines.map(header_line).collect();
    match headers {
        Some(headers) => Captured::of_url(method, target, headers, body),
        None => refused("a line of the head is not a header line"),
    }
}
