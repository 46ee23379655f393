//! A request's head, as it crosses from JavaScript: one string of parts, joined by line breaks, or cut by their lengths.
//!
//! Node decodes the wire as latin-1, one character per byte, so the low bytes of a string are the bytes of the
//! wire. JavaScript passes the number of joined header parts. A part with a line break increases the number,
//! and core rejects such a head.

use memchr::memchr;
use napi::{JsString, JsStringLatin1};
use sealwire_core::{Header, Request, Route};
use sealwire_host::{HEADERS_KEPT, Verifier, authority, received};

use crate::error::{Code, Result};

/// Reads a head from the wire, or one that JavaScript has checked, because napi truncates characters beyond
/// latin-1.
pub(crate) fn read(text: JsString<'_>) -> Result<JsStringLatin1<'_>> {
    text.into_latin1().map_err(|cause| Code::Config.error(cause.reason))
}

/// Reads a text of any characters into `head`; false where one is beyond latin-1. For heads made of many parts this costs less
/// than to look through them in JavaScript.
pub(crate) fn narrow_into(text: JsString<'_>, head: &mut Vec<u8>) -> Result<bool> {
    let units = text.into_utf16().map_err(|cause| Code::Config.error(cause.reason))?;
    let (_nul, units) = units.as_slice().split_last().unwrap_or((&0, &[]));
    head.clear();
    head.extend(units.iter().copied().map(low));
    let together = units.iter().fold(0, |together, unit| together | unit);
    Ok(together <= u16::from(u8::MAX))
}

/// The same, and reports a character beyond latin-1.
pub(crate) fn whole_into(text: JsString<'_>, head: &mut Vec<u8>) -> Result<()> {
    let beyond = "a method, URL or header holds a character beyond latin-1; percent-encode it";
    if narrow_into(text, head)? { Ok(()) } else { Err(Code::Config.error(beyond)) }
}

/// See [`whole_into`].
pub(crate) fn whole(text: JsString<'_>) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    whole_into(text, &mut head)?;
    Ok(head)
}

fn low(unit: u16) -> u8 {
    let [low, _] = unit.to_le_bytes();
    low
}

/// The parts of a head joined without breaks: the first ones, whose lengths are the bytes of `lengths` from the lowest up,
/// and the rest.
pub(crate) fn cut<const N: usize>(mut head: &[u8], lengths: i64) -> Option<([&[u8]; N], &[u8])> {
    let mut lengths = u64::try_from(lengths).ok()?;
    let mut parts: [&[u8]; N] = [&[]; N];
    for part in &mut parts {
        (*part, head) = head.split_at_checked((lengths & 0xff) as usize)?;
        lengths >>= 8;
    }
    (lengths == 0).then_some((parts, head))
}

/// The parts of a head, taken one by one.
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

    /// Header lines that came apart from the rest, see [`Self::headers`].
    pub(crate) fn lines(lines: &'a [u8], fields: u32) -> Option<Vec<Header<'a>>> {
        if fields == 0 { lines.is_empty().then(Vec::new) } else { Self::of(lines).headers(fields) }
    }

    /// Header lines, a name and a value each: exactly as many as JavaScript joined, or as many as core looks at.
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

/// The request that core refuses, for a head that does not come apart as it was joined.
const BROKEN: Request<'static> =
    Request { method: b"", target: b"", authority: b"", scheme: b"", headers: &[] };

/// Passes on the request of a head joined from method, target, authority, scheme, routed target and header lines, and its
/// route. An empty authority is the `Host` header's. An empty routed target is the target.
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

/// The route of a target. Node's frameworks take the path of a mount off it, so no root path is reported.
fn route<'a>(verifier: &Verifier, routed: &'a [u8]) -> Route<'a> {
    let (target, _) = received(routed, &[], &[]);
    let end = memchr(b'?', target).unwrap_or(target.len());
    let policy = verifier.policy();
    policy.route(target.get(..end).unwrap_or(target), policy.root_path.as_str().as_bytes())
}

/// The authority as named, else the `Host` header's.
pub(crate) fn authority_of<'a>(named: &'a [u8], headers: &[Header<'a>]) -> &'a [u8] {
    if named.is_empty() { authority(headers) } else { named }
}
