//! A request as it stands on the wire.

use crate::Rejection;
use crate::rejected::Fault;

/// The most header lines a request may have; servers accept about a hundred.
pub const MAX_HEADERS: usize = 256;

/// One header field line. Names compare without regard to ASCII case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The field name.
    pub name: &'a [u8],
    /// The field value as received, without surrounding whitespace.
    pub value: &'a [u8],
}

impl<'a> Header<'a> {
    /// A header from text.
    #[must_use]
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self { name: name.as_bytes(), value: value.as_bytes() }
    }

    /// Whether this is the header `name`, given as Sealwire sends it. Most peers send that very spelling.
    pub(crate) fn is(&self, name: &str) -> bool {
        let name = name.as_bytes();
        self.name.len() == name.len() && (self.name == name || self.name.eq_ignore_ascii_case(name))
    }
}

/// A request's head, as bytes received or about to be sent. Nothing in it is trusted.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, in the case it is sent.
    pub method: &'a [u8],
    /// The target in origin-form, as on the wire: the raw path, never a percent-decoded one, and `?query` if any.
    pub target: &'a [u8],
    /// The `Host` header or `:authority`.
    pub authority: &'a [u8],
    /// `http` or `https`, as the sender sees it.
    pub scheme: &'a [u8],
    /// The header field lines, in the order received.
    pub headers: &'a [Header<'a>],
}

impl<'a> Request<'a> {
    /// The target up to its query.
    #[must_use]
    pub fn path(&self) -> &'a [u8] {
        self.target.split(|byte| *byte == b'?').next().unwrap_or_default()
    }

    /// The value of a header that may be sent once. Two lines of it are refused: two readers could take different ones.
    pub(crate) fn single(&self, name: &'static str) -> Result<Option<&'a [u8]>, Fault> {
        let mut values = self.headers.iter().filter(|header| header.is(name)).map(|header| header.value);
        match (values.next(), values.next()) {
            (value, None) => Ok(value.filter(|value| !value.is_empty())),
            _ => Err(Fault { reason: Rejection::DuplicateHeader, field: Some(name) }),
        }
    }

    /// The value of a header the scheme needs; an empty one counts as absent.
    pub(crate) fn required(&self, name: &'static str) -> Result<&'a [u8], Fault> {
        self.single(name)?.ok_or(Fault { reason: Rejection::MissingHeaders, field: Some(name) })
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.is(name))
    }
}
