//! The signature base (RFC 9421 section 2.5): the bytes that a message signature is computed over.

use super::component::{Component, Covered, Form, Part};
use super::covered::CoveredComponents;
use super::effort::{COMPONENT, Effort};
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
    let (mut parameters, mut effort) = (None, Effort::new());
    for Covered { identifier, component } in
        covered.covered().skip(if known { default_components::COMPONENTS.len() } else { 0 })
    {
        sink.put(identifier);
        finish_covered(sink, component, message, covered, &mut parameters, &mut effort)
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
    let (mut parameters, mut effort) = (None, Effort::new());
    for (item, Covered { identifier, component }) in list.items().zip(covered.covered()) {
        item.serialize_distinct(sink);
        finish_covered(sink, component, message, covered, &mut parameters, &mut effort)
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
    effort: &mut Effort,
) -> Result<(), Problem> {
    sink.put(b": ");
    put_value(sink, component, message, effort)?;
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
    effort: &mut Effort,
) -> Result<(), Problem> {
    let (request, name) = match (message, component) {
        (Message::Request(request), Component { part: Part::QueryParam(name), of_request: false })
        | (
            Message::Response(Response { request: Some(request), .. }),
            Component { part: Part::QueryParam(name), of_request: true },
        ) => (request, name),
        _ => return finish_line(sink, component, message, effort),
    };
    let found = match parameters {
        Some(found) => found,
        None => parameters.insert(QueryParameters::find(covered, component.of_request, request, effort)?),
    };
    sink.put(b": ");
    found.put(sink, name, effort)?;
    sink.put(b"\n");
    Ok(())
}

fn put_value(
    sink: &mut impl Sink,
    component: &Component<'_>,
    message: &Message<'_>,
    effort: &mut Effort,
) -> Result<(), Problem> {
    match (message, component.of_request) {
        (Message::Request(request), false) => put_of_request(sink, &component.part, request, effort),
        (Message::Response(response), false) => put_of_response(sink, &component.part, response, effort),
        (Message::Response(Response { request: Some(request), .. }), true) => {
            put_of_request(sink, &component.part, request, effort)
        }
        (_, true) => Err(Problem::NoRequest),
    }
}

fn put_of_request(
    sink: &mut impl Sink,
    part: &Part<'_>,
    request: &Request<'_>,
    effort: &mut Effort,
) -> Result<(), Problem> {
    match part {
        Part::Method => derived::put_method(sink, request),
        Part::Authority => derived::put_authority(sink, request),
        Part::Scheme => derived::put_scheme(sink, request),
        Part::TargetUri => derived::put_target_uri(sink, request),
        Part::RequestTarget => derived::put_request_target(sink, request),
        Part::Path => derived::put_path(sink, request),
        Part::Query => derived::put_query(sink, request),
        Part::QueryParam(name) => query_param::put(sink, name, request, effort),
        Part::Status => Err(Problem::ResponseOnly),
        Part::Field(name, form) => put_field(sink, name, form, request.headers, effort),
    }
}

fn put_of_response(
    sink: &mut impl Sink,
    part: &Part<'_>,
    response: &Response<'_>,
    effort: &mut Effort,
) -> Result<(), Problem> {
    match part {
        Part::Status => derived::put_status(sink, response.status),
        Part::Field(name, form) => put_field(sink, name, form, response.headers, effort),
        _ => Err(Problem::RequestOnly),
    }
}

fn put_field(
    sink: &mut impl Sink,
    name: &str,
    form: &Form<'_>,
    headers: &[Header<'_>],
    effort: &mut Effort,
) -> Result<(), Problem> {
    effort.spend(COMPONENT)?;
    match form {
        Form::Joined => field::put_joined(sink, name, headers, effort),
        Form::Structured => field::put_structured(sink, name, headers, effort),
        Form::Member(key) => field::put_member(sink, name, key, headers, effort),
        Form::Bytes => field::put_bytes(sink, name, headers, effort),
    }
}
