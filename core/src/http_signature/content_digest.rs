//! The header `Content-Digest` with the algorithm `sha-256` (RFC 9530). If the signature covers this header,
//! it protects the body.

use super::effort::Extent;
use crate::bytes::sink::{Sink, SliceWriter};
use crate::bytes::text::known_ascii;
use crate::mac;
use crate::structured_fields::Lines;
use crate::structured_fields::dictionary::only_bytes;
use crate::structured_fields::syntax_error::SyntaxError;
use crate::structured_fields::write::byte_sequence;
use sha2::{Digest, Sha256};

/// The length of a formatted field value in bytes. The value consists of `sha-256=:`, 44 Base64 characters,
/// and `:`.
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
        match only_bytes(lines, ALGORITHM.as_bytes())? {
            Some(None) => Err(malformed("32 bytes for sha-256")),
            Some(Some(digest)) => Ok(Some(Self(digest))),
            None => Ok(None),
        }
    }

    /// Writes the field value to a caller's buffer and returns it.
    #[must_use]
    pub fn format<'b>(&self, buffer: &'b mut [u8; FORMATTED_LENGTH]) -> &'b str {
        let mut writer = SliceWriter::new(buffer);
        self.write(&mut writer);
        known_ascii(writer.finish().unwrap_or_default())
    }

    /// Writes the field value to a sink.
    pub fn write(&self, sink: &mut dyn Sink) {
        sink.put(ALGORITHM.as_bytes());
        sink.put(b"=");
        byte_sequence(sink, [self.0.as_slice()]);
    }

    /// Compares two digests in constant time, so that the timing does not reveal how many bytes are equal.
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

fn malformed(expected: &'static str) -> SyntaxError {
    SyntaxError { line: 0, offset: 0, expected }
}
