//! The unverified claims of a request, for tools that explain a rejection.

use crate::keys::key::Key;
use crate::keys::source::KeyName;
use crate::mac::sha256::{HmacSha256, HmacSha256Stream, Mac};
use crate::policy::window::Timestamp;
use crate::schemes::{BodyRule, Credentials};
use crate::wire::scheme::Scheme;

/// The unverified claims of a request. Any client can send any claims, so never accept a request because of
/// its claims.
#[derive(Clone, Copy, Debug)]
pub struct Claimed<'a> {
    /// The scheme that the signature uses.
    pub scheme: Scheme,
    /// The name of the sender, exactly as received.
    pub name_as_sent: &'a str,
    /// The name of the key set.
    pub key: KeyName<'a>,
    /// The key version, if the request contains one.
    pub key_version: Option<u32>,
    /// The time of signing in milliseconds since the Unix epoch, or `None` if the timestamp is malformed.
    pub created_ms: Option<u64>,
    /// The Unix time in seconds after which the signature is no longer valid.
    pub expires_s: Option<u64>,
    /// How the signature protects the body.
    pub body: BodyRule,
    /// The received MAC, or `None` if it is malformed.
    mac: Option<Mac>,
}

impl<'a> Claimed<'a> {
    pub(super) fn of(credentials: &Credentials<'a, '_>) -> Self {
        let claims = &credentials.claims;
        Self {
            scheme: credentials.scheme,
            name_as_sent: claims.name_as_sent,
            key: claims.key,
            key_version: claims.key_version,
            created_ms: claims.created.ok().map(Timestamp::in_ms),
            expires_s: claims.expires.map(Timestamp::second),
            body: credentials.input.body(),
            mac: claims.signature.mac().ok(),
        }
    }

    /// Returns `true` if the received MAC is the MAC of `input` under `key`. If [`Claimed::body`] is
    /// [`BodyRule::InMac`], `input` must include the body.
    #[must_use]
    pub fn is_signed_by(&self, key: &Key<HmacSha256>, input: &[u8]) -> bool {
        let Some(received) = &self.mac else { return false };
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([key.mac()]);
        stream.update(input);
        stream.find(received).is_some()
    }
}
