//! Normalises absolute URLs to the form that is signed, which the WHATWG URL standard defines.

use crate::bytes::byte_class;
use crate::bytes::percent;
use crate::bytes::sink::{Sink, SliceWriter, put_lower_case};
use core::fmt::Write as _;
use core::net::{Ipv4Addr, Ipv6Addr};

/// The normalised parts of an absolute `http` or `https` URL. The parts are stored in the caller's buffer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AbsoluteUrl<'a> {
    /// The URL scheme, which is `http` or `https`.
    pub scheme: &'static str,
    /// The host in lower case, and the port. The port is omitted if it is the default port.
    pub authority: &'a [u8],
    /// The path and the query. An empty path is written as `/`, and an empty query is omitted.
    pub target: &'a [u8],
}

/// The reason why a URL cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The URL does not start with `http://` or `https://`.
    #[error("the URL must start with / or be absolute, such as https://iam.internal/path")]
    NotAbsolute,
    /// The URL contains a tab or a line break.
    #[error("the URL contains a tab or a line break")]
    Control,
    /// The URL contains a user name or password.
    #[error("the URL contains a user name or a password; remove it")]
    UserInfo,
    /// The host contains non-ASCII characters.
    #[error("the host of the URL is not ASCII; write it in its xn-- form")]
    ForeignHost,
    /// The host is empty or invalid.
    #[error(
        "the host of the URL is not a name, an IPv4 address in four decimal parts or an IPv6 address in brackets"
    )]
    Host,
    /// The port is not a number, or it is greater than 65535.
    #[error("the port of the URL is not a number from 0 to 65535")]
    Port,
    /// The buffer is too small.
    #[error("the URL is too long")]
    Buffer,
}

/// Returns the buffer size in bytes that is sufficient for a URL of `length` bytes, because percent-encoding
/// can expand each byte to three bytes.
#[must_use]
pub const fn url_buffer_bytes(length: usize) -> usize {
    length.saturating_mul(3).saturating_add(64)
}

impl<'a> AbsoluteUrl<'a> {
    /// Normalises a URL and writes it to `buffer`. Use [`url_buffer_bytes`] to compute the size of the
    /// buffer.
    ///
    /// # Errors
    /// [`UrlError`] if the URL is not absolute, or if different clients could interpret it differently.
    pub fn normalise(url: &[u8], buffer: &'a mut [u8]) -> Result<Self, UrlError> {
        if !byte_class::all(url, |byte| (byte != b'\t') & (byte != b'\n') & (byte != b'\r')) {
            return Err(UrlError::Control);
        }
        let url = until(trimmed(url), |byte| byte == b'#').0;
        let (scheme, rest) = split_scheme(url)?;
        let (authority, rest) = until(rest, |byte| matches!(byte, b'/' | b'\\' | b'?'));
        let (path, query) = until(rest, |byte| byte == b'?');
        let mut out = SliceWriter::new(buffer);
        write_authority(&mut out, scheme, authority)?;
        let authority_ends = out.written().len();
        write_path(&mut out, path);
        if query.len() > 1 {
            put(&mut out, query, is_encoded_in_query);
        }
        let written = out.finish().ok_or(UrlError::Buffer)?;
        let (authority, target) = written.split_at_checked(authority_ends).ok_or(UrlError::Buffer)?;
        Ok(Self { scheme, authority, target })
    }
}

/// Writes bytes. Those for which `is_encoded` returns `true` are percent-encoded.
fn put(out: &mut SliceWriter<'_>, bytes: &[u8], is_encoded: impl Fn(u8) -> bool + Copy) {
    if byte_class::all(bytes, |byte| !is_encoded(byte)) {
        return out.put(bytes);
    }
    for &byte in bytes {
        if is_encoded(byte) {
            percent::put(out, byte, b"0123456789ABCDEF");
        } else {
            out.put(&[byte]);
        }
    }
}

/// Removes leading and trailing spaces and control characters.
fn trimmed(mut url: &[u8]) -> &[u8] {
    while let [0..=b' ', rest @ ..] | [rest @ .., 0..=b' '] = url {
        url = rest;
    }
    url
}

/// Splits the bytes just before the first byte for which `is_end` returns `true`.
fn until(bytes: &[u8], is_end: impl Fn(u8) -> bool) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| is_end(*byte)).unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

fn split_scheme(url: &[u8]) -> Result<(&'static str, &[u8]), UrlError> {
    let (scheme, rest) = until(url, |byte| byte == b':');
    let known = ["https", "http"].into_iter().find(|known| scheme.eq_ignore_ascii_case(known.as_bytes()));
    match (known, rest) {
        (Some(known), [b':', b'/' | b'\\', b'/' | b'\\', rest @ ..]) => Ok((known, rest)),
        _ => Err(UrlError::NotAbsolute),
    }
}

fn write_authority(out: &mut SliceWriter<'_>, scheme: &str, authority: &[u8]) -> Result<(), UrlError> {
    if authority.contains(&b'@') {
        return Err(UrlError::UserInfo);
    }
    if !authority.is_ascii() {
        return Err(UrlError::ForeignHost);
    }
    let port = if let [b'[', rest @ ..] = authority {
        let (address, rest) = until(rest, |byte| byte == b']');
        write_ipv6(out, address)?;
        rest.strip_prefix(b"]").ok_or(UrlError::Host)?
    } else {
        let (host, port) = until(authority, |byte| byte == b':');
        write_name(out, host)?;
        port
    };
    match port {
        [] => Ok(()),
        [b':', digits @ ..] => write_port(out, scheme, digits),
        _ => Err(UrlError::Host),
    }
}

fn write_name(out: &mut SliceWriter<'_>, host: &[u8]) -> Result<(), UrlError> {
    let is_address = || text(host).parse::<Ipv4Addr>().is_ok();
    if host.is_empty()
        || !byte_class::all(host, byte_class::host_name)
        || (ends_in_number(host) && !is_address())
    {
        return Err(UrlError::Host);
    }
    put_lower_case(out, host);
    Ok(())
}

/// Returns `true` if the last label of the host is a number. URL parsers treat such a host as an IPv4
/// address.
fn ends_in_number(host: &[u8]) -> bool {
    let host = host.strip_suffix(b".").unwrap_or(host);
    let last = host.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    match last {
        [b'0', b'x' | b'X', digits @ ..] if digits.iter().all(u8::is_ascii_hexdigit) => true,
        _ => !last.is_empty() && last.iter().all(u8::is_ascii_digit),
    }
}

fn write_ipv6(out: &mut SliceWriter<'_>, address: &[u8]) -> Result<(), UrlError> {
    let address = text(address).parse::<Ipv6Addr>().map_err(|_| UrlError::Host)?;
    // Rust formats the end of an IPv4-mapped address as four decimal numbers, but the URL standard requires
    // hexadecimal numbers.
    let written = match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => write!(out, "[::ffff:{high:x}:{low:x}]"),
        _ => write!(out, "[{address}]"),
    };
    written.map_err(|_| UrlError::Buffer)
}

fn write_port(out: &mut SliceWriter<'_>, scheme: &str, digits: &[u8]) -> Result<(), UrlError> {
    if digits.is_empty() {
        return Ok(());
    }
    let is_number = digits.iter().all(u8::is_ascii_digit);
    let port = text(digits).parse::<u16>().ok().filter(|_| is_number).ok_or(UrlError::Port)?;
    if port == if scheme == "https" { 443 } else { 80 } {
        return Ok(());
    }
    write!(out, ":{port}").map_err(|_| UrlError::Buffer)
}

/// Writes a path without its dot segments.
fn write_path(out: &mut SliceWriter<'_>, path: &[u8]) {
    let start = out.written().len();
    let mut segments = path.split(|byte| matches!(byte, b'/' | b'\\')).skip(1).peekable();
    while let Some(segment) = segments.next() {
        let dots = dots(segment);
        if dots == Some(2) {
            let path = out.written().get(start..).unwrap_or_default();
            let slash = path.iter().rposition(|byte| *byte == b'/');
            out.truncate(start + slash.unwrap_or_default());
        }
        if dots.is_none() {
            out.put(b"/");
            put(out, segment, is_encoded_in_path);
        } else if segments.peek().is_none() {
            out.put(b"/");
        }
    }
    if out.written().len() == start {
        out.put(b"/");
    }
}

/// Returns the number of dots in a segment that consists only of one or two dots. The dots can be
/// percent-encoded.
fn dots(segment: &[u8]) -> Option<usize> {
    let mut rest = segment;
    let mut count = 0;
    while let [b'.', after @ ..] | [b'%', b'2', b'e' | b'E', after @ ..] = rest {
        rest = after;
        count += 1;
    }
    (rest.is_empty() && (1..=2).contains(&count)).then_some(count)
}

/// Returns the bytes as text, or the empty string if they are not UTF-8.
fn text(bytes: &[u8]) -> &str {
    core::str::from_utf8(bytes).unwrap_or_default()
}

fn is_encoded(byte: u8) -> bool {
    !byte_class::visible(byte) | (byte == b'"') | (byte == b'#') | (byte == b'<') | (byte == b'>')
}

fn is_encoded_in_path(byte: u8) -> bool {
    is_encoded(byte) | (byte == b'?') | (byte == b'`') | (byte == b'{') | (byte == b'}')
}

fn is_encoded_in_query(byte: u8) -> bool {
    is_encoded(byte) | (byte == b'\'')
}

#[cfg(test)]
mod tests {
    use super::{AbsoluteUrl, UrlError, url_buffer_bytes};

    #[test]
    fn the_computed_buffer_size_is_sufficient_and_a_smaller_buffer_is_an_error() {
        let url = "http://[1:2:3:4:5:6:7:8]:8080/\u{e9}\u{e9}?\u{e9}".as_bytes();
        let mut buffer = [0; 512];
        let length = url_buffer_bytes(url.len());
        let normal = AbsoluteUrl::normalise(url, buffer.get_mut(..length).unwrap_or_default());
        let needed = normal.map(|parts| parts.authority.len() + parts.target.len()).unwrap_or_default();
        assert_eq!(needed, "[1:2:3:4:5:6:7:8]:8080/%C3%A9%C3%A9?%C3%A9".len());
        for short in 0..needed {
            let buffer = buffer.get_mut(..short).unwrap_or_default();
            assert_eq!(AbsoluteUrl::normalise(url, buffer), Err(UrlError::Buffer), "{short}");
        }
    }

    #[test]
    fn all_bytes_are_handled_and_the_output_is_stable() {
        let (mut first, mut second) = ([0; 256], [0; 256]);
        for one in 0..=u8::MAX {
            for other in *b"/.%:?a]@\\\xff" {
                for url in [
                    &[b'h', b't', b't', b'p', b':', b'/', b'/', one, other][..],
                    &[b'h', b't', b't', b'p', b':', b'/', b'/', b'a', b'/', one, b'.', other, one],
                    &[b'h', b't', b't', b'p', b':', b'/', b'/', b'[', one, b':', other, b']'],
                ] {
                    let Ok(once) = AbsoluteUrl::normalise(url, &mut first) else { continue };
                    let written = [b"http://", once.authority, once.target].concat();
                    assert_eq!(AbsoluteUrl::normalise(&written, &mut second), Ok(once));
                }
            }
        }
    }
}
