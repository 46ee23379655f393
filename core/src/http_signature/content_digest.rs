//! `Content-Digest` with `sha-256` (RFC 9530), which binds the body to the signed head.

use super::effort::Extent;
use crate::bytes::sink::{Sink, SliceWriter};
use crate::mac;
use crate::structured_fields::byte_sequence::spelled_bytes;
use crate::structured_fields::dictionary::Dictionary;
use crate::structured_fields::inner_list::Member;
use crate::structured_fields::lines::Lines;
use crate::structured_fields::syntax_error::SyntaxError;
use crate::structured_fields::visit::Visitor;
use crate::structured_fields::write;
use sha2::{Digest, Sha256};

/// The length of a formatted field value in bytes: `sha-256=:`, 44 characters of Base64, `:`.
pub const FORMATTED_LENGTH: usize = 54;
const ALGORITHM: &str = "sha-256";
const DIGEST_BYTES: usize = 32;

/// The SHA-256 digest of a body.
#[derive(Clone, Copy, Debug)]
#[repr(align(8))]
pub struct ContentDigest([u8; DIGEST_BYTES]);

impl ContentDigest {
    /// Computes the digest of a complete body.
    #[must_use]
    pub fn of(body: &[u8]) -> Self {
        let mut hasher = BodyHasher::default();
        hasher.update(body);
        hasher.finish()
    }

    /// Reads the `sha-256` digest from the lines of a `Content-Digest` field. Returns `None` if the field
    /// contains only other algorithms.
    ///
    /// # Errors
    /// [`SyntaxError`] if the field is not a dictionary, `sha-256` is repeated or its value is not 32 bytes.
    pub fn parse<'a>(lines: impl Lines<'a>) -> Result<Option<Self>, SyntaxError> {
        if Extent::of(lines.clone()).is_none() {
            return Err(malformed("at most 4096 bytes and 128 separators"));
        }
        if let Some(digest) = only_digest(lines.clone()) {
            return Ok(Some(digest));
        }
        let mut digests = Digests::default();
        Dictionary::visit(lines, &mut digests)?;
        // A repeated digest is an error, because two parsers could use different values.
        match digests {
            Digests { times: 0, .. } => Ok(None),
            Digests { times: 1, last } => last.map(Some).ok_or(malformed("32 bytes for sha-256")),
            _ => Err(malformed("sha-256 once")),
        }
    }

    /// Writes the field value to a caller's buffer and returns it.
    #[must_use]
    pub fn format<'b>(&self, buffer: &'b mut [u8; FORMATTED_LENGTH]) -> &'b str {
        let mut writer = SliceWriter::new(buffer);
        self.write(&mut writer);
        writer.finish().and_then(|text| core::str::from_utf8(text).ok()).unwrap_or_default()
    }

    /// Writes the field value to a sink.
    pub fn write(&self, sink: &mut impl Sink) {
        sink.put(ALGORITHM.as_bytes());
        sink.put(b"=");
        write::byte_sequence(sink, &self.0);
    }

    /// Compares two digests in constant time, so timing does not reveal how many bytes are equal.
    #[must_use]
    pub fn matches(&self, other: &Self) -> bool {
        mac::equal(&self.0, &other.0).into()
    }
}

/// Computes the digest of a body that arrives in parts.
#[derive(Clone, Default)]
pub struct BodyHasher(Sha256);

impl BodyHasher {
    /// Adds the next part of the body.
    pub fn update(&mut self, part: &[u8]) {
        self.0.update(part);
    }

    /// Returns the digest of all parts.
    #[must_use]
    pub fn finish(self) -> ContentDigest {
        ContentDigest(self.0.finalize().into())
    }
}

impl core::fmt::Debug for BodyHasher {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("BodyHasher")
    }
}

/// Returns the digest if the field contains a single `sha-256` digest in canonical form. This is the usual
/// case and avoids the dictionary parser.
fn only_digest<'a>(mut lines: impl Lines<'a>) -> Option<ContentDigest> {
    let (line, None) = (lines.next()?, lines.next()) else { return None };
    let value = line.strip_prefix(ALGORITHM.as_bytes())?.strip_prefix(b"=")?;
    spelled_bytes(value).map(ContentDigest)
}

/// The number of `sha-256` members in a field, and the last digest if it is valid.
#[derive(Default)]
struct Digests {
    times: usize,
    last: Option<ContentDigest>,
}

impl<'a> Visitor<'a> for Digests {
    fn member(&mut self, key: &'a [u8], member: Member<'a>) -> Result<(), &'static str> {
        if key == ALGORITHM.as_bytes() {
            self.times += 1;
            self.last = from_member(&member);
        }
        Ok(())
    }
}

fn from_member(member: &Member<'_>) -> Option<ContentDigest> {
    let Member::Item(item) = member else { return None };
    let mut digest = [0; DIGEST_BYTES];
    let decoded = item.value.as_byte_sequence()?.decode(&mut digest)?.len();
    if decoded == DIGEST_BYTES { Some(ContentDigest(digest)) } else { None }
}

fn malformed(expected: &'static str) -> SyntaxError {
    SyntaxError { line: 0, offset: 0, expected }
}
