//! Splits absolute URLs into the parts that `fetch` sends.
//!
//! JavaScript's URL parser normalises URLs, but takes as long as signing. Most URLs are already normalised, so
//! this module splits them. All other URLs are parsed in JavaScript.

use memchr::{memchr, memchr2};
use sealwire_core::{AbsoluteUrl, UrlError, url_buffer_bytes};
use sealwire_host::Url;

/// Returns the parts of a URL. If `url` is a request target, it is returned unchanged, with the given authority
/// and scheme. If `url` is a normalised absolute URL, it is split. Returns `None` for other URLs.
pub(crate) fn split<'a>(url: &'a [u8], authority: &'a [u8], scheme: &'a [u8]) -> Option<Url<'a>> {
    let target = url.is_empty() || url.starts_with(b"/") || url == b"*";
    if target { Some(Url { scheme, authority, target: url }) } else { plain(url) }
}

/// Returns the reason why the core crate rejects a URL, or `None` if the URL can be signed after parsing. The
/// core crate also rejects non-ASCII hosts, but JavaScript's URL parser converts them, so they are not
/// reported.
pub(crate) fn refusal(url: &str) -> Option<String> {
    let mut buffer = vec![0; url_buffer_bytes(url.len())];
    let error = AbsoluteUrl::normalise(url.as_bytes(), &mut buffer).err()?;
    (error != UrlError::ForeignHost).then(|| error.to_string())
}

/// Splits a normalised URL. Returns `None` for other URLs.
pub(crate) fn plain(url: &[u8]) -> Option<Url<'_>> {
    let scheme = [b"https".as_slice(), b"http"].into_iter().find(|scheme| url.starts_with(scheme))?;
    let rest = url.get(scheme.len()..)?.strip_prefix(b"://")?;
    let (authority, target) = rest.split_at_checked(memchr(b'/', rest)?)?;
    (is_plain_authority(authority) && is_plain_target(target)).then_some(Url { scheme, authority, target })
}

/// Returns `true` for an authority that a URL parser does not change: a lower-case host that is neither an IP
/// address nor in Punycode, and optionally a port that is not a default port.
fn is_plain_authority(authority: &[u8]) -> bool {
    let host_ends = memchr(b':', authority).unwrap_or(authority.len());
    let (host, port) = authority.split_at_checked(host_ends).unwrap_or_default();
    let [first, .., last] = host else { return false };
    first.is_ascii_lowercase()
        && last.is_ascii_lowercase()
        && all(host, is_plain_in_host)
        && !(memchr(b'-', host).is_some() && host.windows(4).any(|four| four == b"xn--"))
        && port.split_first().is_none_or(|(_colon, port)| is_plain_port(port))
}

fn is_plain_port(port: &[u8]) -> bool {
    (1..=4).contains(&port.len())
        && port.iter().all(u8::is_ascii_digit)
        && !port.starts_with(b"0")
        && port != b"80"
        && port != b"443"
}

/// Returns `true` for a target that a URL parser does not change. It contains no characters to encode, no dot
/// segments and no empty query.
fn is_plain_target(target: &[u8]) -> bool {
    let query = memchr(b'?', target).unwrap_or(target.len());
    let path = target.get(..query).unwrap_or_default();
    all(target, is_kept) && query + 1 != target.len() && !has_dot_segment(path)
}

fn has_dot_segment(path: &[u8]) -> bool {
    memchr2(b'.', b'%', path).is_some() && path.split(|byte| *byte == b'/').any(could_be_dots)
}

fn could_be_dots(segment: &[u8]) -> bool {
    matches!(segment, [b'.', ..] | [b'%', b'2', b'e' | b'E', ..])
}

// The two functions below use `|` instead of `||`, because the compiler can vectorise code without branches.

fn is_plain_in_host(byte: u8) -> bool {
    byte.is_ascii_lowercase() | byte.is_ascii_digit() | (byte == b'.') | (byte == b'-')
}

/// Returns `true` for bytes that a URL parser leaves unencoded in a path or query.
fn is_kept(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        | (b'('..=b';').contains(&byte)
        | (b'$'..=b'&').contains(&byte)
        | (b'?'..=b'@').contains(&byte)
        | (byte == b'_')
        | (byte == b'!')
        | (byte == b'=')
        | (byte == b'~')
}

/// Returns `true` if `is` returns `true` for all bytes. It checks chunks of 16 bytes. The last chunk can
/// overlap the previous one, so that no bytes remain.
fn all(bytes: &[u8], is: impl Fn(u8) -> bool + Copy) -> bool {
    match bytes.last_chunk::<16>() {
        Some(end) => bytes.as_chunks::<16>().0.iter().chain([end]).all(|chunk| every(chunk, is)),
        None => bytes.iter().all(|byte| is(*byte)),
    }
}

fn every(chunk: &[u8; 16], is: impl Fn(u8) -> bool) -> bool {
    chunk.iter().fold(true, |all, byte| all & is(*byte))
}
