//! A request as received or to be sent.

use super::reason::{Fault, Reason};
use crate::bytes::byte_class;

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

    /// Whether this is the header `name`, given as Sealwire sends it. Most other headers differ in length, which is seen
    /// without a call.
    #[inline(always)]
    pub(crate) fn is(&self, name: &str) -> bool {
        self.name.len() == name.len() && self.is_spelled(name.as_bytes())
    }

    /// Most peers send the very spelling that Sealwire does, and most other headers differ in the last letter, too.
    #[inline]
    fn is_spelled(&self, name: &[u8]) -> bool {
        self.name.last().map(|letter| letter | 0x20) == name.last().map(|letter| letter | 0x20)
            && (self.name == name || byte_class::equal_but_for_case(self.name, name))
    }
}

/// Headers by which frameworks and proxies replace the method or the path of a request after it was verified.
pub const OVERRIDES: [&str; 5] =
    ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"];

/// A request's head, as raw bytes, received or to be sent. None of it is trusted.
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
        byte_class::position(self.target, b'?').and_then(|end| self.target.get(..end)).unwrap_or(self.target)
    }

    /// Returns the value of a header that may occur once, if it is present.
    pub(crate) fn single(&self, name: &'static str) -> Result<Option<&'a [u8]>, Fault> {
        let found = self.found([name]);
        found.value(0, name)
    }

    /// The values of headers the scheme needs, in one pass; an empty one counts as absent.
    #[inline]
    pub(crate) fn required<const N: usize>(&self, names: [&'static str; N]) -> Result<[&'a [u8]; N], Fault> {
        let found = self.found(names);
        let mut values = [b"".as_slice(); N];
        for (at, (value, name)) in values.iter_mut().zip(names).enumerate() {
            let missing = Fault { reason: Reason::MissingHeaders, field: Some(name) };
            *value = found.value(at, name)?.ok_or(missing)?;
        }
        Ok(values)
    }

    #[inline]
    fn found<const N: usize>(&self, names: [&'static str; N]) -> Found<'a, N> {
        let mut found = Found { values: [None; N], doubled: [false; N] };
        // Most lines are none of these, and nearly all of them by their length already: a bit for each length there is.
        let bit = |name: &[u8]| 1_u64 << (name.len() % 64);
        let lengths = names.iter().fold(0, |lengths, name| lengths | bit(name.as_bytes()));
        for header in self.headers.iter().filter(|header| lengths & bit(header.name) != 0) {
            for ((value, doubled), name) in found.values.iter_mut().zip(&mut found.doubled).zip(names) {
                if header.is(name) {
                    *doubled = value.replace(header.value).is_some();
                    break;
                }
            }
        }
        found
    }

    /// The names of those [`OVERRIDES`] that the request has.
    pub(crate) fn overrides(&self) -> impl Iterator<Item = &'static str> {
        OVERRIDES.into_iter().filter(|name| self.has(name))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.is(name))
    }
}

/// The last line of each header looked for, and whether there were others.
struct Found<'a, const N: usize> {
    values: [Option<&'a [u8]>; N],
    doubled: [bool; N],
}

impl<'a, const N: usize> Found<'a, N> {
    /// Two lines of a header are refused, since two readers could take different ones.
    #[inline]
    fn value(&self, at: usize, name: &'static str) -> Result<Option<&'a [u8]>, Fault> {
        if self.doubled.get(at) == Some(&true) {
            return Err(Fault { reason: Reason::DuplicateHeader, field: Some(name) });
        }
        Ok(self.values.get(at).copied().flatten().filter(|value| !value.is_empty()))
    }
}
