//! Components (RFC 9421 section 2). Components. A component is a part of a message that a signature covers,
//! together with the form of its value.

use crate::bytes::byte_class;
use crate::bytes::text::ascii;

/// A part of a message that a signature covers. Two components are equal if they identify the same bytes,
/// even if their parameters are in a different order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Component<'a> {
    /// The part of the message.
    pub part: Part<'a>,
    /// Whether the component is part of the request that the signed response belongs to (`;req`).
    pub of_request: bool,
}

/// The part of a message that a component identifies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part<'a> {
    /// The method as sent (`@method`).
    Method,
    /// The authority in lower case, without the default port of the scheme (`@authority`).
    Authority,
    /// The URI scheme in lower case (`@scheme`).
    Scheme,
    /// The scheme, authority, path and query (`@target-uri`).
    TargetUri,
    /// The request target as sent (`@request-target`).
    RequestTarget,
    /// The path as sent, or `/` if it is empty (`@path`).
    Path,
    /// The query as sent, including `?`. The value is `?` if there is no query (`@query`).
    Query,
    /// A single query parameter with this encoded name (`@query-param`).
    QueryParam(&'a str),
    /// The status code of a response (`@status`).
    Status,
    /// A header field with this lower-case name.
    Field(&'a str, Form<'a>),
}

/// The form of a field value in the signature base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form<'a> {
    /// All field lines, trimmed and joined with `, `.
    Joined,
    /// The canonical serialisation of a structured field (`;sf`), which does not depend on the whitespace in
    /// the field.
    Structured,
    /// The dictionary member with this key (`;key`).
    Member(&'a str),
    /// Each line encoded as a byte sequence (`;bs`), for fields whose lines must not be joined.
    Bytes,
}

/// A component and its identifier as sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Covered<'a> {
    pub(crate) identifier: &'a [u8],
    pub(crate) component: Component<'a>,
}

impl Covered<'static> {
    /// Creates a component of the signed message itself, without `;req`.
    pub(crate) const fn of_message(identifier: &'static str, part: Part<'static>) -> Self {
        Self { identifier: identifier.as_bytes(), component: Component { part, of_request: false } }
    }
}

impl<'a> Component<'a> {
    /// Returns the same component with `;req`.
    #[must_use]
    pub fn of_request(self) -> Self {
        Self { of_request: true, ..self }
    }

    pub(crate) fn includes(&self, wanted: &Component<'_>) -> bool {
        let same_field = match (self.part, wanted.part) {
            (Part::Field(name, Form::Structured | Form::Bytes), Part::Field(other, Form::Joined)) => {
                name == other
            }
            (part, other) => part == other,
        };
        same_field && self.of_request == wanted.of_request
    }
}

/// Returns the field name in lower case, as required for component identifiers (RFC 9421 section 2.1).
pub(crate) fn field_name(name: &[u8]) -> Option<&str> {
    let is_name = !name.is_empty() && byte_class::all(name, byte_class::lower_case_token);
    ascii(name).filter(|_| is_name)
}
