//! The header lines of `Signature-Input` and `Signature`.

use super::names::{SIGNATURE, SIGNATURE_INPUT};
use crate::http_signature::covered::MAX_MEMBER_BYTES;
use crate::http_signature::effort::{Extent, MAX_SEPARATORS};
use crate::http_signature::field::lines;
use crate::structured_fields::dictionary::Dictionary;
use crate::structured_fields::visit::Visitor;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Header;

/// Both fields, found in a single pass.
pub(super) struct Fields<'a> {
    pub(super) input: Field<'a>,
    pub(super) signature: Field<'a>,
}

/// The lines of a field.
pub(super) struct Field<'a> {
    name: &'static str,
    headers: &'a [Header<'a>],
    /// The index of the first line; `end` is the index after the last line. Lines of other fields can be
    /// between them.
    first: usize,
    end: usize,
    /// The total length of the values in bytes.
    length: usize,
}

impl<'a> Fields<'a> {
    #[inline]
    pub(super) fn find(headers: &'a [Header<'a>]) -> Self {
        let field = |name| Field { name, headers, first: 0, end: 0, length: 0 };
        let mut fields = Self { input: field(SIGNATURE_INPUT), signature: field(SIGNATURE) };
        for (at, header) in headers.iter().enumerate() {
            if header.is(SIGNATURE_INPUT) {
                fields.input.add(at, header);
            } else if header.is(SIGNATURE) {
                fields.signature.add(at, header);
            }
        }
        fields
    }
}

impl<'a> Field<'a> {
    fn add(&mut self, at: usize, header: &Header<'_>) {
        if self.end == 0 {
            self.first = at;
        }
        self.end = at + 1;
        self.length = self.length.saturating_add(header.value.len());
    }

    /// Returns the value if it is a single line within the length limit.
    pub(super) fn only_line(&self) -> Option<&'a [u8]> {
        let header = self.headers.get(self.first)?;
        (self.end == self.first + 1 && self.length <= MAX_MEMBER_BYTES).then_some(header.value)
    }

    /// Parses the field as a dictionary. Fails if it is absent or exceeds the length limit.
    pub(super) fn visit(&self, visitor: &mut impl Visitor<'a>) -> Result<(), Fault> {
        if self.end == 0 {
            return Err(missing(self.name));
        }
        let headers = self.headers.get(self.first..self.end).unwrap_or_default();
        if self.length > 2 * MAX_SEPARATORS && Extent::of(lines(headers, self.name)).is_none() {
            return Err(Fault::malformed(self.name));
        }
        Dictionary::visit(lines(headers, self.name), visitor).map_err(|_| Fault::malformed(self.name))
    }
}

pub(super) const fn missing(name: &'static str) -> Fault {
    Fault { reason: Reason::MissingHeaders, field: Some(name) }
}
