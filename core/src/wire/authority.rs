//! Authorities. An authority is a host with an optional port.

/// Removes the default port of the scheme. An empty port is also removed (RFC 3986 section 6.2.3).
pub(crate) fn without_default_port<'a>(authority: &'a [u8], scheme: &[u8]) -> &'a [u8] {
    // Most authorities have no port.
    if !authority.last().is_some_and(|end| matches!(end, b':' | b'0'..=b'9')) {
        return authority;
    }
    let default: &[u8] = match scheme {
        _ if scheme.eq_ignore_ascii_case(b"https") => b":443",
        _ if scheme.eq_ignore_ascii_case(b"http") => b":80",
        _ => b":",
    };
    [default, b":"].into_iter().find_map(|port| authority.strip_suffix(port)).unwrap_or(authority)
}
