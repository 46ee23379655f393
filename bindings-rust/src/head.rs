//! Converts requests of the crate `http` to requests of `sealwire-core`.

use http::uri::PathAndQuery;
use http::{HeaderMap, Method, Uri};
use sealwire_core::{Header, Request};
use sealwire_host::{HEADERS_KEPT, received};

const HTTP: &[u8] = b"http";

/// A received request without its body.
#[derive(Debug)]
pub(crate) struct Head<'a> {
    method: &'a [u8],
    target: &'a [u8],
    authority: &'a [u8],
    scheme: &'a [u8],
    headers: Vec<Header<'a>>,
    /// The path that the application uses for routing, which can differ from the path of the target.
    pub(crate) routed: &'a [u8],
    /// The IP address of the peer. The string is empty if the address is unknown.
    pub(crate) peer: String,
}

impl<'a> Head<'a> {
    /// Creates a head. `sent` is the URI that the client sent, and `routed` is the URI that the application
    /// uses for routing.
    pub(crate) fn new(
        method: &'a Method,
        sent: &'a Uri,
        routed: &'a Uri,
        headers: &'a HeaderMap,
        peer: String,
    ) -> Self {
        let named = sent.authority().map_or("", |authority| authority.as_str());
        let scheme = sent.scheme().map_or(HTTP, |scheme| scheme.as_str().as_bytes());
        let lines = headers.iter().map(|(name, value)| (name.as_str(), value.as_bytes()));
        Self::of_parts(
            method.as_str(),
            [target_of(sent).as_bytes(), named.as_bytes(), scheme, routed.path().as_bytes()],
            lines,
            peer,
        )
    }

    /// Creates a head from four parts: the target that the client sent, the authority of an absolute URI or
    /// of HTTP/2, the URL scheme, and the path that the application uses for routing.
    pub(crate) fn of_parts(
        method: &'a str,
        [target, named, scheme, routed]: [&'a [u8]; 4],
        lines: impl Iterator<Item = (&'a str, &'a [u8])>,
        peer: String,
    ) -> Self {
        let headers: Vec<_> =
            lines.map(|(name, value)| Header { name: name.as_bytes(), value }).take(HEADERS_KEPT).collect();
        let (target, authority) = received(target, named, &headers);
        Self { method: method.as_bytes(), target, authority, scheme, headers, routed, peer }
    }

    pub(crate) fn request(&self) -> Request<'_> {
        Request {
            method: self.method,
            target: self.target,
            authority: self.authority,
            scheme: self.scheme,
            headers: &self.headers,
        }
    }
}

/// Returns the path and query of a URI.
pub(crate) fn target_of(uri: &Uri) -> &str {
    uri.path_and_query().map_or("", PathAndQuery::as_str)
}
