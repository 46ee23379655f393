//! The signature base (RFC 9421 section 2.5): the bytes that a message signature is computed over.

use super::component::{Component, Covered, Form, Part};
use super::covered::CoveredComponents;
use super::problem::{ComponentError, Problem};
use super::query_param::{self, QueryParameters};
use super::{default_components, derived, field};
use crate::bytes::sink::Sink;
use crate::wire::request::{Header, Request};

/// The status and headers of a response.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// The header field lines, in the order received.
    pub headers: &'a [Header<'a>],
    /// The request that this response belongs to, for components with `;req`.
    pub request: Option<&'a Request<'a>>,
}

/// A message to sign or verify.
#[derive(Clone, Copy, Debug)]
pub enum Message<'a> {
    /// A request.
    Request(&'a Request<'a>),
    /// A response.
    Response(&'a Response<'a>),
}

/// Writes the signature base of `message` to `sink`: one line per covered component, then the signature
/// parameters without a trailing line break.
///
/// The parameters are written in canonical form, so signer and verifier produce the same base for any
/// whitespace in the field.
///
/// # Errors
/// [`ComponentError`] if a component is not in the message or its value cannot be signed. The bytes already
/// written to `sink` must be discarded.
pub fn write_base(
    sink: &mut impl Sink,
    covered: &CoveredComponents<'_>,
    message: &Message<'_>,
) -> Result<(), ComponentError> {
    let list = covered.list();
    // Most signers write the canonical form, which is detected faster than it is rewritten.
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

/// Writes the lines of [`default_components::COMPONENTS`]. Returns `false` and writes nothing for a response,
/// or if a value cannot be signed.
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

/// The identifier of the last line (RFC 9421 section 2.5, step 3) with its separator.
pub(crate) const PARAMETERS: &[u8] = b"\"@signature-params\": ";

/// Writes the value of a component and the line break, after the identifier.
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

/// Like [`finish_line`], but finds all covered query parameters in one pass, when the first is written.
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
