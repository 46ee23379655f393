//! Verifies the body of a request.

use super::head::KeyMatch;
use crate::http_signature::content_digest::{BodyHasher, ContentDigest};
use crate::keys::key::Key;
use crate::mac::sha256::{HmacSha256Stream, Mac};
use crate::schemes::{BodyRule, Credentials};
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;

/// The check that applies to the body. [`BodyCheck::begin`] selects it when the head is verified.
#[allow(
    clippy::large_enum_variant,
    reason = "the core crate has no heap, so the MAC streams cannot be boxed"
)]
#[derive(Debug)]
pub(crate) enum BodyCheck<const KEYS: usize> {
    Unsigned,
    Empty,
    Digest { hash: BodyHasher, expected: ContentDigest },
    Mac { stream: HmacSha256Stream<KEYS>, mac: Mac },
}

impl<const KEYS: usize> BodyCheck<KEYS> {
    /// Selects the check for a request's body. The check is written to `self`, because moving it would copy
    /// more than 500 bytes.
    pub(crate) fn begin(
        &mut self,
        credentials: &Credentials<'_, '_>,
        proof: KeyMatch<'_>,
        request: &Request<'_>,
    ) -> Result<(), Fault> {
        match (credentials.input.body(), proof) {
            (BodyRule::Unsigned, _) => *self = Self::Unsigned,
            (BodyRule::Empty, _) => *self = Self::Empty,
            (BodyRule::Digest(expected), _) => *self = Self::Digest { hash: BodyHasher::default(), expected },
            (BodyRule::InMac, KeyMatch::Awaited(set)) => {
                let mac = credentials.claims.signature.mac()?;
                *self = Self::Mac { stream: HmacSha256Stream::idle(), mac };
                if let Self::Mac { stream, .. } = self {
                    stream.begin(set.tried().map(Key::mac));
                    credentials.input.write(request, stream)?;
                }
            }
            (BodyRule::InMac, KeyMatch::Found(_)) => return Err(Reason::SignatureMismatch.into()),
        }
        Ok(())
    }

    pub(crate) fn update(&mut self, chunk: &[u8]) -> Result<(), Reason> {
        match self {
            Self::Unsigned => {}
            Self::Empty if chunk.is_empty() => {}
            Self::Empty => return Err(Reason::MissingCoverage),
            Self::Digest { hash, .. } => hash.update(chunk),
            Self::Mac { stream, .. } => stream.update(chunk),
        }
        Ok(())
    }

    /// Finishes the check, and returns the index of the matching key if the MAC covers the body. The streams
    /// are borrowed, because moving them would leave a copy of the key states in memory.
    pub(crate) fn finish(&mut self) -> Result<Option<usize>, Reason> {
        match self {
            Self::Unsigned | Self::Empty => Ok(None),
            Self::Digest { hash, expected } => {
                if core::mem::take(hash).finish().matches(expected) {
                    Ok(None)
                } else {
                    Err(Reason::BodyDigestMismatch)
                }
            }
            Self::Mac { stream, mac } => stream.find(mac).map(Some).ok_or(Reason::SignatureMismatch),
        }
    }
}
