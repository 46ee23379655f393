//! The signature base (RFC 9421 section 2.5), which is the input of the MAC for a message signature.

use super::component::{Component, Covered, Part};
use super::covered::{CoveredComponents, MAX_PARAMETERS};
use super::effort::Effort;
use super::problem::{ComponentError, Problem};
use super::query_param::QueryParameters;
use super::{derived, field};
use crate::bytes::sink::Sink;
use crate::wire::request::{Header, Request};

/// The status and headers of a response.
#[derive(Clone, Copy, Debug)]
pub struct Response<'a> {
    /// The status code.
    pub status: u16,
    /// The header field lines, in the order received.
    pub headers: &'a [Header<'a>],
    /// The request that this response belongs to. Components with `;req` refer to it.
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

/// Writes the signature base of `message` to `sink`. The base has one line for each covered component, and a
/// last line with the signature parameters. The last line has no line break at its end.
///
/// The parameters are written in canonical form, so the signature base does not depend on whitespace in the
/// field.
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
    // Most signers send the list in canonical form. Detecting this is faster than serialising the list again.
    let Some(canonical) = list.canonical else { return write_respelled(sink, covered, message) };
    let mut values = Values::new(message, Some(covered));
    for Covered { identifier, component } in covered.covered() {
        sink.put(identifier);
        values.put(sink, identifier, component)?;
    }
    sink.put(PARAMETERS);
    sink.put(canonical);
    Ok(())
}

#[cold]
fn write_respelled(
    sink: &mut impl Sink,
    covered: &CoveredComponents<'_>,
    message: &Message<'_>,
) -> Result<(), ComponentError> {
    let list = covered.list();
    let too_many = |_| ComponentError::new(b"@signature-params", Problem::TooMany);
    let mut values = Values::new(message, Some(covered));
    for (item, Covered { identifier, component }) in list.items().zip(covered.covered()) {
        item.serialize::<MAX_PARAMETERS>(sink).map_err(too_many)?;
        values.put(sink, identifier, component)?;
    }
    sink.put(PARAMETERS);
    list.serialize::<MAX_PARAMETERS>(sink).map_err(too_many)
}

/// The identifier that starts the last line, with its separator (RFC 9421 section 2.5, step 3).
pub(crate) const PARAMETERS: &[u8] = b"\"@signature-params\": ";

/// Writes the component values of a message.
pub(crate) struct Values<'m, 'a> {
    message: &'m Message<'a>,
    /// The covered components. They are required if a query parameter is covered.
    covered: Option<&'m CoveredComponents<'a>>,
    /// The covered query parameters, which are searched for when the first of them is written.
    parameters: Option<QueryParameters<'a>>,
    effort: Effort,
}

impl<'m, 'a> Values<'m, 'a> {
    pub(crate) fn new(message: &'m Message<'a>, covered: Option<&'m CoveredComponents<'a>>) -> Self {
        Self { message, covered, parameters: None, effort: Effort::new() }
    }

    /// Writes the rest of a line after the identifier.
    pub(crate) fn put(
        &mut self,
        sink: &mut impl Sink,
        identifier: &[u8],
        component: &Component<'_>,
    ) -> Result<(), ComponentError> {
        sink.put(b": ");
        self.put_value(sink, component).map_err(|problem| ComponentError::of(identifier, problem))?;
        sink.put(b"\n");
        Ok(())
    }

    fn put_value(&mut self, sink: &mut impl Sink, component: &Component<'_>) -> Result<(), Problem> {
        let request = match (self.message, component.of_request) {
            (Message::Request(request), false)
            | (Message::Response(Response { request: Some(request), .. }), true) => *request,
            (Message::Response(response), false) => return self.put_of_response(sink, component, response),
            (_, true) => return Err(Problem::NoRequest),
        };
        match &component.part {
            Part::Method => derived::put_visible(sink, request.method),
            Part::Authority => derived::put_authority(sink, request),
            Part::Scheme => derived::put_scheme(sink, request),
            Part::TargetUri => derived::put_target_uri(sink, request),
            Part::RequestTarget => derived::put_visible(sink, request.target),
            Part::Path => derived::put_path(sink, request),
            Part::Query => derived::put_query(sink, request),
            Part::QueryParam(name) => {
                let found = match (&mut self.parameters, self.covered) {
                    (Some(found), _) => found,
                    (_, None) => return Err(Problem::UnknownDerived),
                    (slot, Some(covered)) => slot.insert(QueryParameters::find(
                        covered,
                        component.of_request,
                        request,
                        &mut self.effort,
                    )?),
                };
                found.put(sink, name, &mut self.effort)
            }
            Part::Status => Err(Problem::ResponseOnly),
            Part::Field(name, form) => field::put(sink, name, form, request.headers, &mut self.effort),
        }
    }

    fn put_of_response(
        &mut self,
        sink: &mut impl Sink,
        component: &Component<'_>,
        response: &Response<'_>,
    ) -> Result<(), Problem> {
        match &component.part {
            Part::Status => derived::put_status(sink, response.status),
            Part::Field(name, form) => field::put(sink, name, form, response.headers, &mut self.effort),
            _ => Err(Problem::RequestOnly),
        }
    }
}
