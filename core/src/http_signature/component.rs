//! Components (RFC 9421 section 2): which part of a message is signed, and in which form.

use crate::bytes::byte_class;
use crate::bytes::text::ascii;

/// One covered part of a message. Equal components name the same bytes, in any order of their parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<'a> {
    /// What it names.
    pub part: Part<'a>,
    /// `;req`: taken from the request of the signed response.
    pub of_request: bool,
}

/// The part of a message that a component names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// `@method`, as sent.
    Method,
    /// `@authority`, in lower case and without the scheme's default port.
    Authority,
    /// `@scheme`, in lower case.
    Scheme,
    /// `@target-uri`: scheme, authority, path and query.
    TargetUri,
    /// `@request-target`, as sent.
    RequestTarget,
    /// `@path`, as sent; `/` when empty.
    Path,
    /// `@query`, as sent with its `?`; `?` alone when there is none.
    Query,
    /// `@query-param`: one parameter of the query, by its encoded name.
    QueryParam(&'a str),
    /// `@status` of a response.
    Status,
    /// A header field, by its lower-case name.
    Field(&'a str, Form<'a>),
}

/// How a field's value enters the signature base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'a> {
    /// All lines, trimmed, joined by `, `.
    Joined,
    /// `;sf`: the value's canonical serialisation, which intermediaries cannot change by respacing it.
    Structured,
    /// `;key`: one member of a dictionary.
    Member(&'a str),
    /// `;bs`: each line as a byte sequence, for values that must not be joined.
    Bytes,
}

/// A component, and how its identifier is spelled.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Covered<'a> {
    pub(crate) identifier: &'a [u8],
    pub(crate) component: Component<'a>,
}

impl Covered<'static> {
    /// A component of the signed message.
    pub(crate) const fn of_message(identifier: &'static str, part: Part<'static>) -> Self {
        Self { identifier: identifier.as_bytes(), component: Component { part, of_request: false } }
    }
}

/// The bit of all components without one of their own.
pub(crate) const OTHERS: u32 = 1 << 8;

impl<'a> Component<'a> {
    /// The same component of the request of a response.
    #[must_use]
    pub fn of_request(self) -> Self {
        Self { of_request: true, ..self }
    }

    /// One bit for each component with a single spelling, so that most repetitions are found without comparing
    /// names.
    pub(crate) const fn bit(&self) -> u32 {
        match self.part {
            _ if self.of_request => OTHERS,
            Part::Method => 1,
            Part::Authority => 1 << 1,
            Part::Scheme => 1 << 2,
            Part::TargetUri => 1 << 3,
            Part::RequestTarget => 1 << 4,
            Part::Path => 1 << 5,
            Part::Query => 1 << 6,
            Part::Status => 1 << 7,
            Part::QueryParam(_) | Part::Field(..) => OTHERS,
        }
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

/// A field's name in lower case, as components have it (RFC 9421 section 2.1).
pub(crate) fn field_name(name: &[u8]) -> Option<&str> {
    let is_name = !name.is_empty() && byte_class::all(name, byte_class::lower_case_token);
    ascii(name).filter(|_| is_name)
}
