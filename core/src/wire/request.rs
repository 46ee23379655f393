//! The head of a received or outgoing request.

use super::reason::{Fault, Reason};
use crate::bytes::names;

/// The maximum number of header lines in a request. Servers usually accept about 100.
pub const MAX_HEADERS: usize = 256;

/// A header field line. The comparison of names ignores ASCII case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    /// The field name.
    pub name: &'a [u8],
    /// The field value as received, without surrounding whitespace.
    pub value: &'a [u8],
}

impl<'a> Header<'a> {
    /// Creates a header from text.
    #[must_use]
    pub const fn new(name: &'a str, value: &'a str) -> Self {
        Self { name: name.as_bytes(), value: value.as_bytes() }
    }

    /// Returns `true` if the name of the header is `name`. The comparison ignores ASCII case.
    #[inline]
    pub(crate) fn is(&self, name: &str) -> bool {
        self.may_be(name) && names::equal(self.name, name.as_bytes())
    }

    /// Returns `false` if the name of the header is certainly not `name`. Compares only the length and the
    /// last letter, which differ for most other headers.
    #[inline]
    pub(crate) fn may_be(&self, name: &str) -> bool {
        let last = |name: &[u8]| name.last().map(|letter| letter | 0x20);
        self.name.len() == name.len() && last(self.name) == last(name.as_bytes())
    }
}

/// The names of headers that override the method or path. Frameworks and proxies can apply them after the
/// verification.
pub const OVERRIDES: [&str; 5] =
    ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override", "X-Original-URL", "X-Rewrite-URL"];

/// The head of a received or outgoing request, as raw bytes that are not trusted.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The method, in upper or lower case as it is sent.
    pub method: &'a [u8],
    /// The target in origin-form as sent: the path, which is not percent-decoded, and the query.
    pub target: &'a [u8],
    /// The value of the `Host` header or of `:authority`.
    pub authority: &'a [u8],
    /// The URL scheme that the sender uses, which is `http` or `https`.
    pub scheme: &'a [u8],
    /// The header field lines in the order received.
    pub headers: &'a [Header<'a>],
}

impl<'a> Request<'a> {
    /// Returns the target without the query.
    #[must_use]
    pub fn path(&self) -> &'a [u8] {
        self.target.split(|byte| *byte == b'?').next().unwrap_or(self.target)
    }

    /// Returns the value of a header, or `None` if the header is missing or empty. A repeated header is an
    /// error.
    pub(crate) fn single(&self, name: &'static str) -> Result<Option<&'a [u8]>, Fault> {
        let found = self.found([name]);
        found.value(0, name)
    }

    /// Returns the values of several required headers, which are searched for in a single pass. An empty
    /// header is an error, like a missing one.
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
        // Most headers have a different length than all of the names, so one bit per length excludes them.
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

    /// Returns the names of all [`OVERRIDES`] that are in the request.
    pub(crate) fn overrides(&self) -> impl Iterator<Item = &'static str> {
        OVERRIDES.into_iter().filter(|name| self.has(name))
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|header| header.is(name))
    }
}

/// The values of the headers that were found. `doubled` is `true` for each repeated header.
struct Found<'a, const N: usize> {
    values: [Option<&'a [u8]>; N],
    doubled: [bool; N],
}

impl<'a, const N: usize> Found<'a, N> {
    /// Returns the value at this index. A repeated header is an error, because another parser could use the
    /// other value.
    #[inline]
    fn value(&self, at: usize, name: &'static str) -> Result<Option<&'a [u8]>, Fault> {
        if self.doubled.get(at) == Some(&true) {
            return Err(Fault { reason: Reason::DuplicateHeader, field: Some(name) });
        }
        Ok(self.values.get(at).copied().flatten().filter(|value| !value.is_empty()))
    }
}
