//! Errors for components that cannot be signed or verified.

use crate::bytes::text::Text;

/// The error returned for a component that cannot be part of the signature base.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("component {}: {}", component.as_str(), problem.text())]
pub struct ComponentError {
    /// The name of the component. Bytes that are not visible ASCII are replaced by `?`. The value of the
    /// component is not included.
    pub component: Text<64>,
    /// The reason why the component cannot be part of the signature base.
    pub problem: Problem,
}

impl ComponentError {
    pub(crate) fn new(name: &[u8], problem: Problem) -> Self {
        Self { component: Text::printable(name), problem }
    }

    /// Creates an error. `identifier` is either a plain name or a component identifier as sent, with quotes
    /// and parameters.
    pub(crate) fn of(identifier: &[u8], problem: Problem) -> Self {
        let name = identifier.split(|byte| *byte == b'"').nth(1);
        Self::new(name.unwrap_or(identifier), problem)
    }
}

/// The reason why a component cannot be part of the signature base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// The name is not a string, or is neither a lower-case field name nor the name of a derived component.
    BadName,
    /// The name starts with `@`, but is not a supported derived component.
    UnknownDerived,
    /// The component does not support this parameter.
    UnknownParameter,
    /// A parameter is repeated, or its value has the wrong type.
    BadParameter,
    /// `@query-param` has no `;name`.
    MissingParameter,
    /// `;bs` is combined with `;sf` or `;key`.
    ConflictingParameters,
    /// `;tr` is not supported, because trailers arrive after the signature is checked.
    Trailer,
    /// The component or a signature parameter is repeated.
    Repeated,
    /// The signature has too many components or parameters, or its list is too long.
    TooMany,
    /// The component exists only in requests. In a response, the component requires `;req`.
    RequestOnly,
    /// The component exists only in responses.
    ResponseOnly,
    /// `;req` is used in a request, or in a response for which the request is not available.
    NoRequest,
    /// The message does not contain the component.
    Absent,
    /// The query parameter occurs more than once, so two parsers could use different values.
    Ambiguous,
    /// The value contains a line break, a control character or non-ASCII bytes.
    Unsignable,
    /// `;sf` is used for a field whose structured type is not registered.
    UnknownType,
    /// The field value does not match its structured type.
    NotOfType,
    /// The structured value is too large for canonical serialisation.
    TooLarge,
}

impl Problem {
    /// Returns a description of the problem for a log line.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::BadName => "not a lower-case field name or a derived component",
            Self::UnknownDerived => "not a derived component known here",
            Self::UnknownParameter => "has a parameter that does not apply to it",
            Self::BadParameter => "has a parameter of the wrong type or given twice",
            Self::MissingParameter => "needs the parameter name",
            Self::ConflictingParameters => "bs cannot be combined with sf or key",
            Self::Trailer => "trailers cannot be covered: omit tr",
            Self::Repeated => "given twice",
            Self::TooMany => "too many components or parameters, or too long",
            Self::RequestOnly => "is part of a request only: in a response add req",
            Self::ResponseOnly => "is part of a response only",
            Self::NoRequest => "req needs a response and its request",
            Self::Absent => "covered but not in the message",
            Self::Ambiguous => "more than one query parameter of that name",
            Self::Unsignable => {
                "its value contains control characters or is not ASCII: cover a field with bs"
            }
            Self::UnknownType => "its structured type is not known: omit sf",
            Self::NotOfType => "its value is not of its structured type",
            Self::TooLarge => "its structured value is too large: omit sf or key",
        }
    }
}
