//! How a body is covered, and the part of a verification that waits for it.

use crate::keys::Key;
use crate::mac::{HmacSha256Stream, Mac};
use crate::message::digest::{BodyHasher, ContentDigest};
use crate::pipeline::{Credentials, KeyMatch};
use crate::rejection::Fault;
use crate::{Reason, Request};

/// How a body is covered.
#[derive(Clone, Copy, Debug)]
pub(crate) enum BodyRule {
    /// Not at all: `client`.
    Unsigned,
    /// The signing input ends in the body: `pairwise`.
    InMac,
    /// By its SHA-256 digest, which is signed: `message`.
    Digest(ContentDigest),
    /// No digest is signed, so there may be no body: `message`.
    Empty,
}

impl BodyRule {
    /// Holds a whole body against the rule. Where the MAC covers it, the MAC decides.
    #[inline]
    pub(crate) fn check(&self, body: &[u8]) -> Result<(), Reason> {
        match self {
            Self::Unsigned | Self::InMac => Ok(()),
            Self::Empty if body.is_empty() => Ok(()),
            Self::Empty => Err(Reason::MissingCoverage),
            Self::Digest(expected) if ContentDigest::of(body).matches(expected) => Ok(()),
            Self::Digest(_) => Err(Reason::BodyDigestMismatch),
        }
    }
}

/// The part of a verification that waits for the body.
#[allow(clippy::large_enum_variant, reason = "there is no heap to box the MAC streams on")]
#[derive(Debug)]
pub(crate) enum BodyCheck<const KEYS: usize> {
    Unsigned,
    Empty,
    Digest { hash: BodyHasher, expected: ContentDigest },
    Mac { stream: HmacSha256Stream<KEYS>, mac: Mac },
}

impl<const KEYS: usize> BodyCheck<KEYS> {
    /// What this request's body is held to. Begun in place, since the streams take more than half a kilobyte.
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
                let mac = credentials.signature.mac()?;
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

    /// Where the MAC covered the body: which of the keys tried it was made with. By reference, as the streams it holds.
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
            Self::Mac { stream, mac } => stream.end().find(mac).map(Some).ok_or(Reason::SignatureMismatch),
        }
    }
}
