//! The signature base (RFC 9421 section 2.5): the exact bytes a message signature is made over.

use super::component::{Component, Covered, Form, Part};
use super::covered::CoveredComponents;
use super::problem::{ComponentError, Problem};
use super::query_param::{self, QueryParameters};
use super::{default_components, derived, field};
use crate::bytes::sink::Sink;
use crate::wire::request::{Header, Request};

/// A response's head.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// The header field lines, in the order received.
    pub headers: &'a [Header<'a>],
    /// The request of this response, for components with `;req`.
    pub request: Option<&'a Request<'a>>,
}

/// The message that is signed.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// A request.
    Request(&'a Request<'a>),
    /// A response.
    Response(&'a Response<'a>),
}

/// Streams the signature base of `message` into `sink`: a line for each covered component, then the signature's
/// parameters, without a line break at the end.
///
/// The parameters are those of the covered list in their canonical form, so that signer and verifier agree for
/// any spacing of the field.
///
/// # Errors
/// A component is not in the message or its value cannot be signed; what `sink` has taken by then is to be thrown away.
pub fn write_base(
    sink: &mut impl Sink,
    covered: &CoveredComponents<'_>,
    message: &Message<'_>,
) -> Result<(), ComponentError> {
    let list = covered.list();
    // Nearly every signer writes the canonical form, which is faster to detect than to write again.
    let Some(canonical) = list.canonical() else { return write_respelled(sink, covered, message) };
    let known = covered.begins_with_defaults() && put_defaults(sink, message);
    let mut parameters = None;
    for Covered { identifier, component } in
        covered.covered().skip(if known { default_components::COMPONENTS.len() } else { 0 })
    {
        sink.put(identifier);
        finish_covered(sink, component, message, covered, &mut parameters)
            .map_err(|problem| ComponentError::of(identifier, problem))?;
    }
    sink.put(PARAMETERS);
    sink.put(canonical);
    Ok(())
}

/// The lines of [`default_components::COMPONENTS`], if they are a request's and can be signed; else nothing.
pub(crate) fn put_defaults(sink: &mut impl Sink, message: &Message<'_>) -> bool {
    matches!(message, Message::Request(request) if derived::put_defaults(sink, request))
}

#[cold]
fn write_respelled(
    sink: &mut impl Sink,
    covered: &CoveredComponents<'_>,
    message: &Message<'_>,
) -> Result<(), ComponentError> {
    let list = covered.list();
    let mut parameters = None;
    for (item, Covered { identifier, component }) in list.items().zip(covered.covered()) {
        item.serialize_distinct(sink);
        finish_covered(sink, component, message, covered, &mut parameters)
            .map_err(|problem| ComponentError::of(identifier, problem))?;
    }
    sink.put(PARAMETERS);
    list.serialize_distinct(sink);
    Ok(())
}

/// The identifier of the last line (RFC 9421 section 2.5, step 3), up to its value: the covered list.
pub(crate) const PARAMETERS: &[u8] = b"\"@signature-params\": ";

/// The rest of a line, after the identifier of its component.
pub(crate) fn finish_line(
    sink: &mut impl Sink,
    component: &Component<'_>,
    message: &Message<'_>,
) -> Result<(), Problem> {
    sink.put(b": ");
    put_value(sink, component, message)?;
    sink.put(b"\n");
    Ok(())
}

/// As [`finish_line`], for one component of several: all query parameters are found with the first.
fn finish_covered<'a>(
    sink: &mut impl Sink,
    component: &Component<'_>,
    message: &Message<'a>,
    covered: &CoveredComponents<'a>,
    parameters: &mut Option<QueryParameters<'a>>,
) -> Result<(), Problem> {
    let (request, name) = match (message, component) {
        (Message::Request(request), Component { part: Part::QueryParam(name), of_request: false })
        | (
            Message::Response(Response { request: Some(request), .. }),
            Component { part: Part::QueryParam(name), of_request: true },
        ) => (request, name),
        _ => return finish_line(sink, component, message),
    };
    let found = match parameters {
        Some(found) => found,
        None => parameters.insert(QueryParameters::find(covered, component.of_request, request)?),
    };
    sink.put(b": ");
    found.put(sink, name)?;
    sink.put(b"\n");
    Ok(())
}

fn put_value(sink: &mut impl Sink, component: &Component<'_>, message: &Message<'_>) -> Result<(), Problem> {
    match (message, component.of_request) {
        (Message::Request(request), false) => put_of_request(sink, &component.part, request),
        (Message::Response(response), false) => put_of_response(sink, &component.part, response),
        (Message::Response(Response { request: Some(request), .. }), true) => {
            put_of_request(sink, &component.part, request)
        }
        (_, true) => Err(Problem::NoRequest),
    }
}

fn put_of_request(sink: &mut impl Sink, part: &Part<'_>, request: &Request<'_>) -> Result<(), Problem> {
    match part {
        Part::Method => derived::put_method(sink, request),
        Part::Authority => derived::put_authority(sink, request),
        Part::Scheme => derived::put_scheme(sink, request),
        Part::TargetUri => derived::put_target_uri(sink, request),
        Part::RequestTarget => derived::put_request_target(sink, request),
        Part::Path => derived::put_path(sink, request),
        Part::Query => derived::put_query(sink, request),
        Part::QueryParam(name) => query_param::put(sink, name, request),
        Part::Status => Err(Problem::ResponseOnly),
        Part::Field(name, form) => put_field(sink, name, form, request.headers),
    }
}

fn put_of_response(sink: &mut impl Sink, part: &Part<'_>, response: &Response<'_>) -> Result<(), Problem> {
    match part {
        Part::Status => derived::put_status(sink, response.status),
        Part::Field(name, form) => put_field(sink, name, form, response.headers),
        _ => Err(Problem::RequestOnly),
    }
}

fn put_field(
    sink: &mut impl Sink,
    name: &str,
    form: &Form<'_>,
    headers: &[Header<'_>],
) -> Result<(), Problem> {
    match form {
        Form::Joined => field::put_joined(sink, name, headers),
        Form::Structured => field::put_structured(sink, name, headers),
        Form::Member(key) => field::put_member(sink, name, key, headers),
        Form::Bytes => field::put_bytes(sink, name, headers),
    }
}
