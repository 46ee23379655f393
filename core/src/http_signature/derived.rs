//! The values of derived components (RFC 9421 section 2.2).

use super::problem::Problem;
use crate::bytes::byte_class;
use crate::bytes::sink::{Sink, put_lower_case};
use crate::structured_fields::write::put_digits;
use crate::wire::authority::without_default_port;
use crate::wire::request::Request;

/// Writes the authority in the normal form of RFC 9110 section 4.2.3. Clients and proxies can use a different
/// case and can include or omit the default port.
pub(crate) fn put_authority(sink: &mut impl Sink, request: &Request<'_>) -> Result<(), Problem> {
    let authority = without_default_port(request.authority, request.scheme);
    check(is_authority(authority))?;
    put_lower_case(sink, authority);
    Ok(())
}

pub(crate) fn put_scheme(sink: &mut impl Sink, request: &Request<'_>) -> Result<(), Problem> {
    check(is_scheme(request.scheme))?;
    put_lower_case(sink, request.scheme);
    Ok(())
}

pub(crate) fn put_target_uri(sink: &mut impl Sink, request: &Request<'_>) -> Result<(), Problem> {
    put_scheme(sink, request)?;
    sink.put(b"://");
    put_authority(sink, request)?;
    put_path(sink, request)?;
    match query(request.target) {
        None => Ok(()),
        Some(_) => put_query(sink, request),
    }
}

pub(crate) fn put_path(sink: &mut impl Sink, request: &Request<'_>) -> Result<(), Problem> {
    check(is_origin_form(request.target))?;
    let path = request.path();
    sink.put(if path.is_empty() { b"/" } else { path });
    Ok(())
}

pub(crate) fn put_query(sink: &mut impl Sink, request: &Request<'_>) -> Result<(), Problem> {
    check(is_origin_form(request.target))?;
    sink.put(b"?");
    sink.put(query(request.target).unwrap_or_default());
    Ok(())
}

pub(crate) fn put_status(sink: &mut impl Sink, status: u16) -> Result<(), Problem> {
    check((100..=999).contains(&status))?;
    put_digits(sink, u64::from(status), 3);
    Ok(())
}

/// Returns the query after the first `?`, or `None` if the target contains no `?`.
pub(crate) fn query(target: &[u8]) -> Option<&[u8]> {
    target.get(target.iter().position(|byte| *byte == b'?')? + 1..)
}

/// Returns `true` for a path and query without a fragment. Other targets, such as `*` or an absolute URI,
/// have no path that can be signed.
pub(crate) fn is_origin_form(target: &[u8]) -> bool {
    matches!(target.first(), None | Some(b'/' | b'?')) && byte_class::all(target, byte_class::origin_form)
}

pub(crate) fn put_visible(sink: &mut impl Sink, value: &[u8]) -> Result<(), Problem> {
    check(!value.is_empty() && byte_class::all(value, byte_class::visible))?;
    sink.put(value);
    Ok(())
}

/// Returns `true` for a host with an optional port. The characters `/`, `?`, `#` and `@` could make the
/// target URI ambiguous.
fn is_authority(authority: &[u8]) -> bool {
    !authority.is_empty() && byte_class::all(authority, byte_class::authority)
}

fn is_scheme(scheme: &[u8]) -> bool {
    scheme.first().is_some_and(u8::is_ascii_alphabetic)
        && scheme.iter().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
}

fn check(holds: bool) -> Result<(), Problem> {
    if holds { Ok(()) } else { Err(Problem::Unsignable) }
}
