//! Conversion of the data of servers and clients to a [`Request`](sealwire_core::Request).

use sealwire_core::Header;

/// Headers a binding converts before it hands them to core: one more than core takes, so that core sees and refuses a list
/// that is too long instead of judging its beginning.
pub const HEADERS_KEPT: usize = sealwire_core::MAX_HEADERS + 1;

/// The authority that the `Host` header names. Empty without the header, or if it was sent twice.
///
/// A server uses [`received`], because HTTP/2 and absolute targets name the authority elsewhere: hyper, for one, puts it into the
/// URI of the request, and there may be no `Host` header.
#[must_use]
pub fn authority<'a>(headers: &[Header<'a>]) -> &'a [u8] {
    let mut hosts = headers.iter().filter(|header| header.name.eq_ignore_ascii_case(b"host"));
    match (hosts.next(), hosts.next()) {
        (Some(host), None) => host.value,
        _ => &[],
    }
}

/// The target in origin-form and the authority of a received request. `named` is the `:authority` of HTTP/2, else empty.
///
/// A target in absolute-form names the authority itself (RFC 9112, 3.2.2). The authority is empty when two readers could
/// take different ones: `Host` sent twice, or not equal to the target's authority or to `:authority`.
#[must_use]
pub fn received<'a>(target: &'a [u8], named: &'a [u8], headers: &[Header<'a>]) -> (&'a [u8], &'a [u8]) {
    let (target, in_target) = origin_form(target).unwrap_or((target, &[]));
    let named = if named.is_empty() { in_target } else { named };
    let hosts = || headers.iter().filter(|header| header.name.eq_ignore_ascii_case(b"host"));
    let agrees = |host: &Header<'_>| same_authority(host.value, named);
    match named.is_empty() {
        true => (target, authority(headers)),
        false if hosts().all(agrees) => (target, named),
        false => (target, &[]),
    }
}

/// The target and authority of an absolute URL; `None` for any other target.
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

/// Compares without case and default ports.
fn same_authority(one: &[u8], other: &[u8]) -> bool {
    let bare = |authority: &[u8]| {
        let port = [b":80".as_slice(), b":443"].iter().find_map(|port| authority.strip_suffix(*port));
        port.unwrap_or(authority).to_ascii_lowercase()
    };
    bare(one) == bare(other)
}

/// Whether two authorities name one host and port: in any case, and with or without the default port of the scheme.
#[must_use]
pub fn names_same_host(scheme: &[u8], one: &[u8], other: &[u8]) -> bool {
    let port = if scheme.eq_ignore_ascii_case(b"https") { b":443".as_slice() } else { b":80" };
    let bare = |authority: &'_ [u8]| authority.strip_suffix(port).unwrap_or(authority).to_ascii_lowercase();
    bare(one) == bare(other)
}

/// The parts of a URL that a client is about to send. They are not decoded or normalised, so that the signed
/// bytes are those that are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Url<'a> {
    /// `https` where a bare target does not say it.
    pub scheme: &'a [u8],
    /// Without user information, which clients do not send there.
    pub authority: &'a [u8],
    /// The path, `/` at least, and the query.
    pub target: &'a [u8],
}

impl<'a> Url<'a> {
    /// Splits an absolute URL, or takes a target as it is. A `Host` header names the authority before the URL does.
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
    fn a_url_is_split_as_it_is_sent() {
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
    fn a_target_in_absolute_form_names_the_authority() {
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
        for other in ["http://", "http:///a", "http://user@a.test/a", "ftp://a.test/a", "*", ""] {
            assert_eq!(parts(other, "", &host("a.test")), [other, "a.test"]);
        }
    }

    #[test]
    fn authorities_are_compared_without_case_and_default_port() {
        assert!(names_same_host(b"https", b"API.test:443", b"api.test"));
        assert!(names_same_host(b"http", b"api.test", b"api.test:80"));
        assert!(!names_same_host(b"https", b"api.test:80", b"api.test"));
        assert!(!names_same_host(b"http", b"api.test", b"evil.test"));
    }

    #[test]
    fn two_hosts_are_none() {
        let (one, other) = (Header::new("Host", "a.test"), Header::new("host", "b.test"));
        assert_eq!(authority(&[one]), b"a.test");
        assert_eq!(authority(&[one, other]), b"");
        assert_eq!(Url::split(b"https://c.test/", &[one]).authority, b"a.test");
    }
}
