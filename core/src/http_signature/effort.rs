//! Limits on the work that a request can cause before its MAC is checked.
//!
//! A verifier reads the covered fields before it knows whether the sender has a key. With these limits,
//! rejecting a forged request does not take much longer than verifying a valid one. Signers apply the same
//! limits, so they do not sign requests that verifiers reject. The program `tests/worst-request` searches for
//! requests that take too long.

use super::problem::Problem;
use crate::structured_fields::Lines;

/// The maximum size in bytes of a field that is parsed. The parsed fields are `Signature-Input`, `Signature`,
/// `Content-Digest`, and all fields that are covered with `sf` or `key`.
pub(crate) const MAX_PARSED_BYTES: usize = 4096;
/// The maximum number of separators in a parsed field. Each field line counts as one separator.
pub(crate) const MAX_SEPARATORS: usize = 128;
/// The maximum work for the covered fields of one signature. One unit is about the time to hash one byte.
const MAX_EFFORT: usize = 5632;
/// The cost in units of each covered field or query parameter.
pub(crate) const COMPONENT: usize = 96;
/// The cost in units of each parameter in the query, if the signature covers at least one query parameter.
pub(crate) const QUERY_PARAMETER: usize = 32;
/// The cost in units of each header whose name is compared byte by byte. This comparison is necessary if the
/// name has the same length and the same last letter as the name of a covered field.
pub(crate) const COMPARED: usize = 12;
/// The cost in units of each line of a covered field.
const LINE: usize = 16;
/// The cost in units of each byte of a field that is covered with `bs`, because the field is encoded as
/// Base64.
const ENCODED: usize = 3;
/// The cost in units of each byte of a line with obsolete line folding. Senders must not generate such lines
/// (RFC 9112 section 5.2).
const FOLDED: usize = 8;
/// The cost in units of each separator of a field that is covered with `sf` or `key`.
const SEPARATOR: usize = 80;

/// The work that one signature may still cause.
#[derive(Debug)]
pub(crate) struct Effort {
    left: usize,
}

impl Effort {
    pub(crate) const fn new() -> Self {
        Self { left: MAX_EFFORT }
    }

    /// Subtracts the work for a field line that is signed.
    pub(crate) fn sign(&mut self, line: &[u8], is_encoded: bool, is_folded: bool) -> Result<(), Problem> {
        let times = if is_folded {
            FOLDED
        } else if is_encoded {
            ENCODED
        } else {
            1
        };
        self.spend(LINE.saturating_add(line.len().saturating_mul(times)))
    }

    /// Subtracts the work for field lines that are parsed and written in canonical form.
    pub(crate) fn parse<'a>(&mut self, lines: impl Lines<'a>) -> Result<(), Problem> {
        let extent = Extent::of(lines).ok_or(Problem::TooLarge)?;
        self.spend(extent.bytes.saturating_mul(2).saturating_add(extent.separators.saturating_mul(SEPARATOR)))
    }

    pub(crate) fn spend(&mut self, units: usize) -> Result<(), Problem> {
        self.left = self.left.checked_sub(units).ok_or(Problem::TooLarge)?;
        Ok(())
    }
}

/// The size of a field that is parsed.
pub(crate) struct Extent {
    bytes: usize,
    separators: usize,
}

impl Extent {
    /// Returns the size of a field, or `None` if it exceeds [`MAX_PARSED_BYTES`] or [`MAX_SEPARATORS`].
    pub(crate) fn of<'a>(lines: impl Lines<'a>) -> Option<Self> {
        let mut extent = Self { bytes: 0, separators: 0 };
        for line in lines {
            extent.bytes = extent.bytes.saturating_add(line.len());
            extent.separators += 1;
            if extent.bytes > MAX_PARSED_BYTES || extent.separators > MAX_SEPARATORS {
                return None;
            }
            extent.separators += separators(line);
        }
        (extent.separators <= MAX_SEPARATORS).then_some(extent)
    }
}

/// Counts the separators in a line. Commas, semicolons, backslashes and percent signs are always counted. A
/// space is counted only directly after a value, because several spaces can follow a separator. The count for
/// a chunk fits into a byte, so the compiler can use vector instructions.
fn separators(line: &[u8]) -> usize {
    let marks = |byte: u8| (byte == b',') | (byte == b';');
    let count = |sum: u8, (before, byte): (&u8, &u8)| {
        let is_separator = marks(*byte) | (*byte == b'\\') | (*byte == b'%');
        let ends_value = (*byte == b' ') & (*before != b' ') & !marks(*before);
        sum.wrapping_add(u8::from(is_separator | ends_value))
    };
    let start = usize::from(line.first().is_some_and(|first| count(0, (&b' ', first)) > 0));
    let after = line.get(1..).unwrap_or_default();
    let pairs = line.chunks(128).zip(after.chunks(128));
    pairs.map(|(before, after)| usize::from(before.iter().zip(after).fold(0, count))).sum::<usize>() + start
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests fail by panicking")]
mod tests {
    use super::{Effort, Extent, MAX_EFFORT, MAX_PARSED_BYTES, MAX_SEPARATORS, SEPARATOR};

    #[test]
    fn a_field_above_the_limit_of_bytes_or_separators_is_rejected() {
        let fits = |lines: &[&[u8]]| Extent::of(lines.iter().copied()).is_some();
        let long = std::vec![b'a'; MAX_PARSED_BYTES + 1];
        assert!(fits(&[long.get(1..).unwrap()]) && !fits(&[&long]) && !fits(&[b"a", long.get(1..).unwrap()]));
        for separator in b",;\\%" {
            let many = std::vec![*separator; MAX_SEPARATORS];
            assert!(fits(&[many.get(1..).unwrap()]) && !fits(&[&many]), "{separator}");
        }
        let words = b"a ".repeat(MAX_SEPARATORS);
        assert!(fits(&[words.get(2..).unwrap()]) && !fits(&[&words]) && fits(&[&b",   ".repeat(100)]));
        assert!(fits(&[b"".as_slice(); MAX_SEPARATORS]) && !fits(&[b"".as_slice(); MAX_SEPARATORS + 1]));
    }

    #[test]
    fn work_beyond_the_maximum_is_rejected() {
        let mut effort = Effort::new();
        assert!(effort.spend(MAX_EFFORT).is_ok() && effort.spend(0).is_ok() && effort.spend(1).is_err());
        let mut effort = Effort::new();
        let parsed = MAX_EFFORT / (SEPARATOR + 2);
        assert!((0..parsed).all(|_| effort.parse([b"a".as_slice()].into_iter()).is_ok()));
        assert!(effort.parse([b"a".as_slice()].into_iter()).is_err());
    }
}
