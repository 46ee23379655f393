//! Where `Signature-Input` and `Signature` stand among a message's header lines.

use super::names::{SIGNATURE, SIGNATURE_INPUT};
use crate::http_signature::covered::MAX_MEMBER_BYTES;
use crate::http_signature::field::lines;
use crate::structured_fields::dictionary::Dictionary;
use crate::structured_fields::visit::Visitor;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Header;

/// Both fields, found in one pass.
pub(super) struct Fields<'a> {
    pub(super) input: Field<'a>,
    pub(super) signature: Field<'a>,
}

/// One of them.
pub(super) struct Field<'a> {
    name: &'static str,
    headers: &'a [Header<'a>],
    /// Its first line, and the one after its last; lines of other fields may stand between them.
    first: usize,
    end: usize,
    /// The bytes of its values.
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

    /// The value, where it is one line, and bounded in length.
    pub(super) fn only_line(&self) -> Option<&'a [u8]> {
        let header = self.headers.get(self.first)?;
        (self.end == self.first + 1 && self.length <= MAX_MEMBER_BYTES).then_some(header.value)
    }

    /// Reads it as a dictionary that must be there, bounded in length.
    pub(super) fn visit(&self, visitor: &mut impl Visitor<'a>) -> Result<(), Fault> {
        if self.end == 0 {
            return Err(missing(self.name));
        }
        if self.length > MAX_MEMBER_BYTES {
            return Err(Fault::malformed(self.name));
        }
        let headers = self.headers.get(self.first..self.end).unwrap_or_default();
        Dictionary::visit(lines(headers, self.name), visitor).map_err(|_| Fault::malformed(self.name))
    }
}

pub(super) const fn missing(name: &'static str) -> Fault {
    Fault { reason: Reason::MissingHeaders, field: Some(name) }
}
