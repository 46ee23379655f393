//! Signing functions that the addon and the WebAssembly module share, and the encoding of signed headers.

use sealwire_core::{Header, Request, SignError, client, message, pairwise};
use sealwire_host::{Url, names_same_host};

use crate::error::{Code, Error, Result};

/// The names of all headers that are added when a request or response is signed.
pub(crate) const SENT: [&str; 11] = [
    client::CLIENT_ID,
    client::TIMESTAMP,
    client::REQUEST_ID,
    client::SIGNATURE,
    pairwise::SERVICE_NAME,
    pairwise::TIMESTAMP,
    pairwise::SIGNATURE,
    pairwise::USER_ID,
    message::SIGNATURE_INPUT,
    message::SIGNATURE,
    message::CONTENT_DIGEST,
];

/// Encodes signed headers for JavaScript. Each line consists of a letter, the value of the header and a line
/// break. The letter identifies the header: `a` is the first name in [`SENT`], and `b` is the second.
/// JavaScript code processes letters faster than names.
pub(crate) struct Lines<'a>(pub(crate) &'a mut String);

impl Lines<'_> {
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        if let Some(letter) =
            SENT.iter().zip('a'..).find_map(|(sent, letter)| (*sent == name).then_some(letter))
        {
            self.0.push(letter);
            self.0.push_str(value);
            self.0.push('\n');
        }
    }
}

/// Adds the authority of the `Host` header to a URL that has no authority. Returns an error if the authority in
/// the URL differs from the header.
pub(crate) fn with_host<'a>(url: Url<'a>, host: &'a [u8]) -> Result<Url<'a>> {
    if host.is_empty() {
        return Ok(url);
    }
    if url.authority.is_empty() {
        return Ok(Url { authority: host, ..url });
    }
    if names_same_host(url.scheme, url.authority, host) {
        return Ok(url);
    }
    let [host, named] = [host, url.authority].map(String::from_utf8_lossy);
    Err(Code::Sign.error(format_args!(
        "the Host header is {host}, but the host of the URL is {named}; sign the URL to which the request is sent"
    )))
}

pub(crate) fn request<'a>(method: &'a [u8], url: &Url<'a>, headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method, target: url.target, authority: url.authority, scheme: url.scheme, headers }
}

/// Returns the error for a request that could not be signed. If a part contains a line break, returns the error
/// for a line break instead of `cause`.
pub(crate) fn unsigned(parts: &[&[u8]], cause: SignError) -> Error {
    if parts.iter().any(|part| part.contains(&b'\n')) { broken() } else { Code::Sign.error(cause) }
}

pub(crate) fn text(part: &[u8]) -> Result<&str> {
    core::str::from_utf8(part).map_err(|_| Code::Sign.error("names, user ids and request ids are ASCII"))
}

pub(crate) fn broken() -> Error {
    Code::Sign.error("a method, URL or header contains a line break, which HTTP does not allow; remove it")
}
