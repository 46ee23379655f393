//! Why a component cannot be signed or verified.

use crate::bytes::text::Text;

/// A component that cannot enter the signature base, and why.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ComponentError {
    /// The component's name as far as it is printable; never its value.
    pub component: Text<64>,
    /// The problem.
    pub problem: Problem,
}

impl ComponentError {
    pub(crate) fn new(name: &[u8], problem: Problem) -> Self {
        Self { component: Text::printable(name), problem }
    }

    /// The component, by its identifier as sent: a name in quotes, and its parameters.
    pub(crate) fn of(identifier: &[u8], problem: Problem) -> Self {
        let name = identifier.split(|byte| *byte == b'"').nth(1);
        Self::new(name.unwrap_or_default(), problem)
    }
}

impl core::fmt::Display for ComponentError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "component {}: {}", self.component.as_str(), self.problem.text())
    }
}

impl core::error::Error for ComponentError {}

/// A problem with a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// It is not named by a string holding a lower-case field name or a derived component's name.
    BadName,
    /// It starts with `@` and is none of the derived components supported.
    UnknownDerived,
    /// It has a parameter that means nothing for it.
    UnknownParameter,
    /// A parameter has a value of the wrong type, or is repeated.
    BadParameter,
    /// `@query-param` has no `;name`.
    MissingParameter,
    /// `;bs` is combined with `;sf` or `;key`.
    ConflictingParameters,
    /// `;tr`: trailers arrive after the signature has been checked, so they are not supported.
    Trailer,
    /// It is covered, or a signature parameter is given, twice.
    Repeated,
    /// A cap on components, parameters or length is passed.
    TooMany,
    /// It exists in requests only; in a response it needs `;req`.
    RequestOnly,
    /// It exists in responses only.
    ResponseOnly,
    /// `;req` in a request, or in a response without its request.
    NoRequest,
    /// The message does not have it.
    Absent,
    /// The query parameter stands more than once, so that two readers could take different ones.
    Ambiguous,
    /// Its value is not allowed in a signature base: it contains a line break, a control character or bytes
    /// beyond ASCII.
    Unsignable,
    /// `;sf` for a field whose structured type is not known here.
    UnknownType,
    /// The field's value is not of its structured type.
    NotOfType,
    /// The structured value is too large to be put into canonical form.
    TooLarge,
}

impl Problem {
    /// Returns the problem and its remedy, for a log line.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::BadName => "not a lower-case field name or a derived component",
            Self::UnknownDerived => "not a derived component known here",
            Self::UnknownParameter => "has a parameter that does not apply to it",
            Self::BadParameter => "has a parameter of the wrong type or given twice",
            Self::MissingParameter => "needs the parameter name",
            Self::ConflictingParameters => "bs cannot be combined with sf or key",
            Self::Trailer => "trailers cannot be covered: leave out tr",
            Self::Repeated => "given twice",
            Self::TooMany => "too many components or parameters, or too long",
            Self::RequestOnly => "is part of a request only: in a response add req",
            Self::ResponseOnly => "is part of a response only",
            Self::NoRequest => "req needs a response and its request",
            Self::Absent => "covered but not in the message",
            Self::Ambiguous => "more than one query parameter of that name",
            Self::Unsignable => "its value holds control characters or is not ASCII: cover a field with bs",
            Self::UnknownType => "its structured type is not known: leave out sf",
            Self::NotOfType => "its value is not of its structured type",
            Self::TooLarge => "its structured value is too large: leave out sf or key",
        }
    }
}
