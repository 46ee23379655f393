//! Splits a request head into the parts that the JavaScript code joined with line breaks.

use memchr::memchr;
use sealwire_core::{Header, Request, Route};
use sealwire_host::{HEADERS_KEPT, Verifier, authority, received};

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

    /// Reads header lines that are passed separately from the other parts of a head, see [`Self::headers`].
    pub(crate) fn lines(lines: &'a [u8], fields: u32) -> Option<Vec<Header<'a>>> {
        if fields == 0 { lines.is_empty().then(Vec::new) } else { Self::of(lines).headers(fields) }
    }

    /// Reads header lines. Each line consists of a name and a value. `fields` is the number of parts that the
    /// JavaScript code joined. Reads at most one line more than the core crate accepts. Returns `None` if the
    /// number of parts is not `fields`.
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

/// The request to use for a head with an unexpected number of parts. The core crate rejects this request.
const BROKEN: Request<'static> =
    Request { method: b"", target: b"", authority: b"", scheme: b"", headers: &[] };

/// Calls `then` with the request in a head, and with the request's route. The parts of the head are the method,
/// target, authority, scheme, routed target and header lines. If the authority is empty, the `Host` header is
/// used. If the routed target is empty, the target is used for the route.
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

/// Returns the route of a target. The root path comes from the policy, because Node.js frameworks remove the
/// mount path from the target and do not report it.
fn route<'a>(verifier: &Verifier, routed: &'a [u8]) -> Route<'a> {
    let (target, _) = received(routed, &[], &[]);
    let end = memchr(b'?', target).unwrap_or(target.len());
    let policy = verifier.policy();
    policy.route(target.get(..end).unwrap_or(target), policy.root_path.as_str().as_bytes())
}

/// Returns `named`, or the authority of the `Host` header if `named` is empty.
pub(crate) fn authority_of<'a>(named: &'a [u8], headers: &[Header<'a>]) -> &'a [u8] {
    if named.is_empty() { authority(headers) } else { named }
}
