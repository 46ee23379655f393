//! The head of a request as passed from JavaScript: a single string of parts, joined with line breaks or with
//! separate lengths.
//!
//! Node.js decodes received bytes as Latin-1, one character per byte, so the low bytes of a string are the
//! received bytes. JavaScript passes the number of joined header parts. A part with a line break changes the
//! number of parts, and core rejects the head.

use memchr::memchr;
use napi::{JsString, JsStringLatin1};
use sealwire_core::{Header, Request, Route};
use sealwire_host::{HEADERS_KEPT, Verifier, authority, received};

use crate::error::{Code, Result};

/// Reads a head that was received, or that JavaScript has checked. Other heads are not allowed, because napi
/// truncates characters outside of Latin-1.
pub(crate) fn read(text: JsString<'_>) -> Result<JsStringLatin1<'_>> {
    text.into_latin1().map_err(|cause| Code::Config.error(cause.reason))
}

/// Appends a text to `head`. Returns `false` for a character outside of Latin-1. For heads with many parts
/// this is faster than checking them in JavaScript.
pub(crate) fn narrow_into(text: JsString<'_>, head: &mut Vec<u8>) -> Result<bool> {
    let units = text.into_utf16().map_err(|cause| Code::Config.error(cause.reason))?;
    let (_nul, units) = units.as_slice().split_last().unwrap_or((&0, &[]));
    head.clear();
    head.extend(units.iter().copied().map(low));
    let together = units.iter().fold(0, |together, unit| together | unit);
    Ok(together <= u16::from(u8::MAX))
}

/// Like [`narrow_into`], but a character outside of Latin-1 is an error.
pub(crate) fn whole_into(text: JsString<'_>, head: &mut Vec<u8>) -> Result<()> {
    let beyond = "a method, URL or header holds a character beyond latin-1; percent-encode it";
    if narrow_into(text, head)? { Ok(()) } else { Err(Code::Config.error(beyond)) }
}

/// Like [`whole_into`], but returns the bytes.
pub(crate) fn whole(text: JsString<'_>) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    whole_into(text, &mut head)?;
    Ok(head)
}

fn low(unit: u16) -> u8 {
    let [low, _] = unit.to_le_bytes();
    low
}

/// Splits a head whose parts are joined without separators. `lengths` contains the lengths of the first
/// parts, one per byte, starting with the lowest byte. Returns these parts and the remaining bytes.
pub(crate) fn cut<const N: usize>(mut head: &[u8], lengths: i64) -> Option<([&[u8]; N], &[u8])> {
    let mut lengths = u64::try_from(lengths).ok()?;
    let mut parts: [&[u8]; N] = [&[]; N];
    for part in &mut parts {
        (*part, head) = head.split_at_checked((lengths & 0xff) as usize)?;
        lengths >>= 8;
    }
    (lengths == 0).then_some((parts, head))
}

/// An iterator over the parts of a head.
pub(crate) struct Parts<'a>(Option<&'a [u8]>);

impl<'a> Parts<'a> {
    pub(crate) fn of(head: &'a [u8]) -> Self {
        Self(Some(head))
    }

    fn next(&mut self) -> Option<&'a [u8]> {
        let rest = self.0?;
        let end = memchr(b'\n', rest).unwrap_or(rest.len());
        let (part, after) = rest.split_at_checked(end)?;
        self.0 = after.get(1..);
        Some(part)
    }

    pub(crate) fn take<const N: usize>(&mut self) -> Option<[&'a [u8]; N]> {
        let mut parts: [&[u8]; N] = [&[]; N];
        for part in &mut parts {
            *part = self.next()?;
        }
        Some(parts)
    }

    pub(crate) fn is_at_end(&self) -> bool {
        self.0.is_none()
    }

    /// Reads header lines that were passed separately, see [`Self::headers`].
    pub(crate) fn lines(lines: &'a [u8], fields: u32) -> Option<Vec<Header<'a>>> {
        if fields == 0 { lines.is_empty().then(Vec::new) } else { Self::of(lines).headers(fields) }
    }

    /// Reads header lines, with a name and a value each. `fields` is the number of parts that JavaScript
    /// joined. At most one line more than core accepts is read.
    pub(crate) fn headers(&mut self, fields: u32) -> Option<Vec<Header<'a>>> {
        let lines = fields as usize / 2;
        let mut headers = Vec::with_capacity(lines.min(HEADERS_KEPT));
        for _ in 0..lines.min(HEADERS_KEPT) {
            let [name, value] = self.take()?;
            headers.push(Header { name, value });
        }
        (lines > HEADERS_KEPT || self.is_at_end()).then_some(headers)
    }
}

/// A request that core rejects, for a head with an unexpected number of parts.
const BROKEN: Request<'static> =
    Request { method: b"", target: b"", authority: b"", scheme: b"", headers: &[] };

/// Calls `then` with the request and the route of a head. The parts are the method, target, authority,
/// scheme, routed target and header lines. If the authority is empty, the `Host` header is used. If the
/// routed target is empty, the target is used.
pub(crate) fn with_request<T>(
    verifier: &Verifier,
    head: &[u8],
    fields: u32,
    then: impl FnOnce(&Request<'_>, Route<'_>) -> T,
) -> T {
    let mut parts = Parts::of(head);
    match parts.take().zip(parts.headers(fields)) {
        Some(([method, target, named, scheme, routed], headers)) => {
            let (target, authority) = received(target, named, &headers);
            let route = route(verifier, if routed.is_empty() { target } else { routed });
            then(&Request { method, target, authority, scheme, headers: &headers }, route)
        }
        None => then(&BROKEN, Route::UnknownRoot),
    }
}

/// Returns the route of a target. Frameworks for Node.js remove the path of a mount, so there is no reported
/// root path.
fn route<'a>(verifier: &Verifier, routed: &'a [u8]) -> Route<'a> {
    let (target, _) = received(routed, &[], &[]);
    let end = memchr(b'?', target).unwrap_or(target.len());
    let policy = verifier.policy();
    policy.route(target.get(..end).unwrap_or(target), policy.root_path.as_str().as_bytes())
}

/// Returns the given authority, or the authority of the `Host` header if it is empty.
pub(crate) fn authority_of<'a>(named: &'a [u8], headers: &[Header<'a>]) -> &'a [u8] {
    if named.is_empty() { authority(headers) } else { named }
}
