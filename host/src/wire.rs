//! Helpers that convert the requests of servers and clients to a [`Request`](sealwire_core::Request).

use sealwire_core::Header;

/// The maximum number of headers that a binding converts. It exceeds the limit in `sealwire-core` by one, so
/// that `sealwire-core` rejects a request with too many headers instead of verifying an incomplete list.
pub const HEADERS_KEPT: usize = sealwire_core::MAX_HEADERS + 1;

/// Returns the authority in the `Host` header. The result is empty if the header is missing or repeated.
///
/// Server integrations must use [`received`] instead, because the authority is not in the `Host` header for
/// HTTP/2 requests and for targets in absolute-form. For example, hyper stores it in the request URI.
#[must_use]
pub fn authority<'a>(headers: &[Header<'a>]) -> &'a [u8] {
    let mut hosts = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(b"host"));
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.value,
        _ => &[],
    }
}

/// Returns the target of a received request in origin-form, and the authority. `named` is the `:authority` of
/// an HTTP/2 request, and empty for all other requests.
///
/// A target in absolute-form contains the authority (RFC 9112 section 3.2.2). The returned authority is empty
/// if the request contains different authorities, that is, if `Host` is repeated, or if `Host`, `:authority`
/// and the authority in the target are not the same.
#[must_use]
pub fn received<'a>(target: &'a [u8], named: &'a [u8], headers: &[Header<'a>]) -> (&'a [u8], &'a [u8]) {
    let (target, in_target) = origin_form(target).unwrap_or((target, &[]));
    if !in_target.is_empty() && !named.is_empty() && !same_authority(in_target, named) {
        return (target, &[]);
    }
    let named = if named.is_empty() { in_target } else { named };
    let hosts = || headers.iter().filter(|header| header.name.eq_ignore_ascii_case(b"host"));
    let agrees = |host: &Header<'_>| same_authority(host.value, named);
    match named.is_empty() {
        true => (target, authority(headers)),
        false if hosts().all(agrees) => (target, named),
        false => (target, &[]),
    }
}

/// Splits an absolute URL into its target and its authority. Returns `None` for any other target.
fn origin_form(target: &[u8]) -> Option<(&[u8], &[u8])> {
    let rest = [b"http://".as_slice(), b"https://"].iter().find_map(|scheme| {
        let (start, rest) = target.split_at_checked(scheme.len())?;
        start.eq_ignore_ascii_case(scheme).then_some(rest)
    })?;
    let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
    let (authority, target) = rest.split_at_checked(end)?;
    let has_user = authority.contains(&b'@');
    (!authority.is_empty() && !has_user).then_some((if target.is_empty() { b"/" } else { target }, authority))
}

/// Compares two authorities, ignoring case and default ports, without allocating memory.
fn same_authority(one: &[u8], other: &[u8]) -> bool {
    let bare = |authority| without(without(authority, b":80"), b":443");
    bare(one).eq_ignore_ascii_case(bare(other))
}

/// Returns `true` if two authorities have the same host and port. Case is ignored, and a missing port means
/// the default port of the URL scheme.
#[must_use]
pub fn names_same_host(scheme: &[u8], one: &[u8], other: &[u8]) -> bool {
    let port = if scheme.eq_ignore_ascii_case(b"https") { b":443".as_slice() } else { b":80" };
    let bare = |authority| without(authority, port);
    bare(one).eq_ignore_ascii_case(bare(other))
}

fn without<'a>(authority: &'a [u8], port: &[u8]) -> &'a [u8] {
    authority.strip_suffix(port).unwrap_or(authority)
}

/// The parts of the URL of an outgoing request. They are neither decoded nor normalised, so that the signed
/// bytes are the same as the bytes that are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// The URL scheme. It is `https` if the URL consists only of a target.
    pub scheme: &'a [u8],
    /// The authority without the user information, which clients do not send.
    pub authority: &'a [u8],
    /// The path with the query. An empty path is replaced with `/`.
    pub target: &'a [u8],
}

impl<'a> Url<'a> {
    /// Splits a URL into its parts. If it consists only of a target, the target is returned unchanged. A
    /// `Host` header takes precedence over the authority in the URL.
    #[must_use]
    pub fn split(url: &'a [u8], headers: &[Header<'a>]) -> Self {
        let host = authority(headers);
        let Some(colon) = url.windows(3).position(|three| three == b"://").filter(|_| !url.starts_with(b"/"))
        else {
            return Self { scheme: b"https", authority: host, target: url };
        };
        let (scheme, rest) = url.split_at_checked(colon).unwrap_or((url, &[]));
        let rest = rest.get(3..).unwrap_or_default();
        let end = rest.iter().position(|byte| matches!(byte, b'/' | b'?' | b'#')).unwrap_or(rest.len());
        let (named, target) = rest.split_at_checked(end).unwrap_or((rest, &[]));
        let named = named.rsplit(|byte| *byte == b'@').next().unwrap_or_default();
        let target = if target.is_empty() { b"/" } else { target };
        Self { scheme, authority: if host.is_empty() { named } else { host }, target }
    }
}

#[cfg(test)]
mod tests {
    use super::{Url, authority, names_same_host, received};
    use sealwire_core::Header;

    #[test]
    fn a_url_is_split_without_changes() {
        let parts = |url: &'static str| {
            let url = Url::split(url.as_bytes(), &[]);
            [url.scheme, url.authority, url.target].map(|part| String::from_utf8_lossy(part).into_owned())
        };
        assert_eq!(parts("https://api.test:8443/a%2Fb?q=1"), ["https", "api.test:8443", "/a%2Fb?q=1"]);
        assert_eq!(parts("http://api.test"), ["http", "api.test", "/"]);
        assert_eq!(parts("http://user:pass@api.test/x"), ["http", "api.test", "/x"]);
        assert_eq!(parts("/a?u=http://b/c"), ["https", "", "/a?u=http://b/c"]);
        assert_eq!(parts("https://api.test?q=1"), ["https", "api.test", "?q=1"]);
    }

    #[test]
    fn the_authority_is_read_from_a_target_in_absolute_form() {
        let host = |value| [Header::new("Host", value)];
        let parts = |target: &'static str, named: &'static str, headers: &[Header<'static>]| {
            let (target, authority) = received(target.as_bytes(), named.as_bytes(), headers);
            [target, authority].map(|part| String::from_utf8_lossy(part).into_owned())
        };
        assert_eq!(parts("/a?b", "", &host("a.test")), ["/a?b", "a.test"]);
        assert_eq!(parts("http://a.test/a?b", "", &host("a.test")), ["/a?b", "a.test"]);
        assert_eq!(parts("HTTPS://A.test:443", "", &host("a.test")), ["/", "A.test:443"]);
        assert_eq!(parts("http://a.test/a", "", &host("b.test")), ["/a", ""]);
        assert_eq!(parts("/a", "a.test", &host("a.test")), ["/a", "a.test"]);
        assert_eq!(parts("/a", "a.test", &host("b.test")), ["/a", ""]);
        assert_eq!(parts("/a", "a.test", &[]), ["/a", "a.test"]);
        assert_eq!(parts("http://a.test/a", "A.test:80", &[]), ["/a", "A.test:80"]);
        assert_eq!(parts("http://b.test/a", "a.test", &host("a.test")), ["/a", ""]);
        for other in ["http://", "http:///a", "http://user@a.test/a", "ftp://a.test/a", "*", ""] {
            assert_eq!(parts(other, "", &host("a.test")), [other, "a.test"]);
        }
    }

    #[test]
    fn case_and_default_port_are_ignored_in_comparisons_of_authorities() {
        assert!(names_same_host(b"https", b"API.test:443", b"api.test"));
        assert!(names_same_host(b"http", b"api.test", b"api.test:80"));
        assert!(!names_same_host(b"https", b"api.test:80", b"api.test"));
        assert!(!names_same_host(b"http", b"api.test", b"evil.test"));
    }

    #[test]
    fn two_host_headers_are_rejected() {
        let (one, other) = (Header::new("Host", "a.test"), Header::new("host", "b.test"));
        assert_eq!(authority(&[one]), b"a.test");
        assert_eq!(authority(&[one, other]), b"");
        assert_eq!(Url::split(b"https://c.test/", &[one]).authority, b"a.test");
    }
}
