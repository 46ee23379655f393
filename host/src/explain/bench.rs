//! Recomputes the MAC of a captured request as it arrived, or after assumed changes were reverted.

use sealwire_core::keys::{Key, KeyName, KeyRing, KeySource};
use sealwire_core::mac::HmacSha256;
use sealwire_core::sink::Sink;
use sealwire_core::{
    Authorities, BodyRule, Claimed, Header, Policy, Reason, Rejection, Request, Scheme, Text, Verifier,
    canonical_name, message,
};

use super::capture::Captured;
use crate::wire::authority;

/// The keys and settings for recomputing MACs.
pub(super) struct Bench<'k> {
    pub(super) ring: &'k KeyRing,
    /// The scheme of the signature.
    pub(super) scheme: Scheme,
    /// The URL scheme that is used if the capture does not contain one.
    pub(super) url_scheme: String,
}

/// The signing input of a request, and unverified values from the request, such as the sender.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub(super) sender: String,
    pub(super) key: Name,
    pub(super) key_version: Option<u32>,
    pub(super) created_ms: Option<u64>,
    pub(super) body: BodyRule,
    /// The bytes that the MAC covers, without the body.
    pub(super) input: Vec<u8>,
    /// The version of the key that produced the MAC, or `None` if none of the keys identified by the request
    /// produced it.
    pub(super) version: Option<u32>,
}

/// The name of a key set: a client, or a pair of services.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name(pub(super) String, pub(super) Option<String>);

impl Name {
    pub(super) fn of(name: KeyName<'_>) -> Self {
        match name.canonical() {
            KeyName::Client(id) => Self(id.to_owned(), None),
            KeyName::Pair(one, other) => Self(one.to_owned(), Some(other.to_owned())),
        }
    }
}

impl core::fmt::Display for Name {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match &self.1 {
            Some(other) => write!(f, "{}/{other}", self.0),
            None => f.write_str(&self.0),
        }
    }
}

struct Bytes(Vec<u8>);

impl Sink for Bytes {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

impl<'k> Bench<'k> {
    /// Returns a policy that accepts every request with a valid MAC.
    pub(super) fn lenient(&self, service: &str) -> Policy {
        let mut policy = Policy::new(Text::new(service).unwrap_or(Text::EMPTY));
        policy.schemes = [Some(self.scheme), None, None];
        policy.require_authority = false;
        policy.authorities = Authorities::Any;
        policy.max_body_bytes = u64::MAX;
        policy.trust_unsigned_user_id = false;
        policy
    }

    /// Converts a captured request to a `Request` and passes it to `then`.
    pub(super) fn with_request<T>(&self, captured: &Captured, then: impl FnOnce(&Request<'_>) -> T) -> T {
        let headers: Vec<_> =
            captured.headers.iter().map(|(name, value)| Header::new(name, value.trim())).collect();
        let scheme = captured.scheme.as_deref().unwrap_or(&self.url_scheme);
        then(&Request {
            method: captured.method.as_bytes(),
            target: captured.target.as_bytes(),
            authority: authority(&headers),
            scheme: scheme.as_bytes(),
            headers: &headers,
        })
    }

    /// Parses a request and recomputes its MAC with the keys that the request identifies.
    pub(super) fn read(&self, captured: &Captured, policy: &Policy) -> Result<Reading, Rejection> {
        self.with_request(captured, |request| {
            let mut input = Bytes(Vec::with_capacity(512));
            let claimed = Verifier { policy, keys: self.ring }.signing_input(request, &mut input)?;
            let input = input.0;
            let version = self.version(&claimed, &whole(&claimed, &input, captured));
            Ok(Reading {
                sender: canonical_name(claimed.name_as_sent).to_owned(),
                key: Name::of(claimed.key),
                key_version: claimed.key_version,
                created_ms: claimed.created_ms,
                body: claimed.body,
                version,
                input,
            })
        })
    }

    /// Returns the version of the key that signed `input`. Tries only the keys that the request identifies.
    fn version(&self, claimed: &Claimed<'_>, input: &[u8]) -> Option<u32> {
        let set = self.ring.find(claimed.key)?;
        let signed = |key: &&Key<_>| claimed.is_signed_by(key, input);
        match claimed.key_version {
            Some(version) => set.version(version).filter(signed),
            None => set.tried().find(signed),
        }
        .map(Key::version)
    }

    /// Returns the key with this `message` key id.
    pub(super) fn key(&self, id: &str) -> Option<&'k Key<HmacSha256>> {
        let (name, version) = message::key_of(id)?;
        self.ring.find(name)?.version(version)
    }

    /// Returns `true` if one of the keys that the request identifies produced its MAC.
    pub(super) fn is_proven(&self, captured: &Captured, policy: &Policy) -> bool {
        self.read(captured, policy).is_ok_and(|reading| reading.version.is_some())
    }

    /// Returns the name and version of the key that signed a request. Tries all keys in the key ring.
    pub(super) fn signer(&self, captured: &Captured, policy: &Policy) -> Option<(Name, u32)> {
        self.with_request(captured, |request| {
            let mut input = Bytes(Vec::new());
            let claimed = Verifier { policy, keys: self.ring }.signing_input(request, &mut input).ok()?;
            let input = whole(&claimed, &input.0, captured);
            let mut names = self.ring.names();
            names.find_map(|name| {
                let set = self.ring.find(name)?;
                let key = set.keys().iter().find(|key| claimed.is_signed_by(key, &input))?;
                Some((Name::of(name), key.version()))
            })
        })
    }

    /// Calls `then` with a function that replaces `part` in the signing input and checks the MAC of the
    /// result. This is much faster than parsing the request again for each replacement.
    pub(super) fn replacing<T>(
        &self,
        captured: &Captured,
        policy: &Policy,
        part: &str,
        then: impl FnOnce(&mut dyn FnMut(&str) -> bool) -> T,
    ) -> Option<T> {
        self.with_request(captured, |request| {
            let mut input = Bytes(Vec::new());
            let claimed = Verifier { policy, keys: self.ring }.signing_input(request, &mut input).ok()?;
            let at = input.0.windows(part.len()).position(|held| held == part.as_bytes())?;
            let (before, rest) = input.0.split_at_checked(at)?;
            let after = rest.get(part.len()..)?;
            let mut changed = Vec::with_capacity(input.0.len() + 64);
            Some(then(&mut |replacement| {
                changed.clear();
                changed.extend_from_slice(before);
                changed.extend_from_slice(replacement.as_bytes());
                changed.extend_from_slice(after);
                self.version(&claimed, &changed).is_some()
            }))
        })
    }

    /// Verifies a request at the given time without a replay store. Returns the rejection, or `None` if the
    /// request is valid.
    pub(super) fn verify(&self, captured: &Captured, policy: &Policy, now_ms: u64) -> Option<Rejection> {
        let verifier = Verifier { policy, keys: self.ring };
        self.with_request(captured, |request| match &captured.body {
            Some(body) => verifier.verify(request, body, None, now_ms).err(),
            None => verifier.begin(request, None, now_ms).err(),
        })
    }
}

impl Reading {
    /// Checks whether the body matches the signed digest. Returns `None` if the capture does not contain the
    /// body.
    pub(super) fn body_check(&self, captured: &Captured) -> Option<Result<(), Reason>> {
        captured.body.as_deref().map(|body| self.body.check(body))
    }
}

/// Returns the complete signing input, including the body if the MAC covers the body directly.
fn whole(claimed: &Claimed<'_>, input: &[u8], captured: &Captured) -> Vec<u8> {
    let body = captured.body.as_deref().filter(|_| matches!(claimed.body, BodyRule::InMac));
    [input, body.unwrap_or_default()].concat()
}
