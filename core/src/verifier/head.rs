//! Verifies the head of a request.
//!
//! Each scheme first converts the request to [`Credentials`]. The order of checks is the same for all
//! schemes:
//!
//! 1. The headers are present and well-formed.
//! 2. The sender is known and allowed.
//! 3. The key version is known.
//! 4. The timestamp is in the time window.
//! 5. The MAC is valid.
//! 6. The digest of the body is correct.
//! 7. The nonce has not been used.
//!
//! In the `client` scheme, a used nonce is also rejected before the MAC is checked.

use crate::keys::key::Key;
use crate::keys::key_set::{KeySet, MAX_TRIED};
use crate::keys::source::{KeyName, KeySource};
use crate::mac::sha256::{HmacSha256, HmacSha256Stream};
use crate::policy::Policy;
use crate::policy::route::Route;
use crate::policy::window::Timestamp;
use crate::replay::nonce::{Entry, Nonce};
use crate::replay::store::{Outcome, ReplayStore};
use crate::schemes::{BodyRule, Credentials};
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// The result of verifying the head.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head<'k> {
    pub(crate) proof: KeyMatch<'k>,
    pub(crate) age_ms: i64,
    pub(crate) nonce_expires_s: u64,
    pub(crate) entry: Option<Entry>,
}

impl Head<'_> {
    /// Returns `true` if the MAC has been verified. A MAC that covers the body is verified later.
    pub(crate) const fn is_proven(&self) -> bool {
        matches!(self.proof, KeyMatch::Found(_))
    }
}

/// The result of searching for the key that signed a request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum KeyMatch<'k> {
    /// The MAC matches this key.
    Found(&'k Key<HmacSha256>),
    /// The MAC covers the body, so these keys must be tried after the body has arrived.
    Awaited(KeySet<'k, HmacSha256>),
}

/// The inputs for verifying a head.
pub(crate) struct HeadVerifier<'j, 'k, K: ?Sized> {
    pub(crate) policy: &'j Policy,
    pub(crate) keys: &'k K,
    pub(crate) request: &'j Request<'j>,
    pub(crate) route: Route<'j>,
    pub(crate) store: Option<&'j dyn ReplayStore>,
    pub(crate) now_ms: u64,
}

impl<'k, K: KeySource + ?Sized> HeadVerifier<'_, 'k, K> {
    /// Performs all checks that do not require the body, in the documented order.
    #[inline]
    pub(crate) fn head(&self, credentials: &Credentials<'_, '_>) -> Result<Head<'k>, Fault> {
        let set = self.known_and_allowed(credentials)?;
        let key = named_key(set, credentials)?;
        let created = self.timely(credentials)?;
        let entry = self.located(credentials);
        let proof = self.proof(set, key, entry.as_ref(), credentials)?;
        let nonce_expires_s = created.nonce_expires(self.policy.window(credentials.scheme));
        Ok(Head { proof, age_ms: created.age_ms(self.now_ms), nonce_expires_s, entry })
    }

    fn known_and_allowed(&self, credentials: &Credentials<'_, '_>) -> Result<KeySet<'k, HmacSha256>, Fault> {
        let set = self.keys.find(credentials.claims.key).ok_or(Reason::UnknownClient)?;
        if credentials.scheme == Scheme::Message
            && !self.policy.serves(self.request, matches!(credentials.claims.key, KeyName::Pair(..)))
        {
            return Err(Fault { reason: Reason::AuthorityNotServed, field: Some("@authority") });
        }
        if let Some(field) = self.unsigned_override(credentials) {
            return Err(Fault { reason: Reason::SenderNotAllowed, field: Some(field) });
        }
        let allowed = self.policy.allows(credentials.claims.sender(), self.request.method, self.route);
        if allowed { Ok(set) } else { Err(Reason::SenderNotAllowed.into()) }
    }

    /// Returns the name of a header in the request that overrides the method or path, if the policy restricts
    /// the methods or paths of the sender. Schemes other than `message` cannot sign such a header, so an
    /// attacker could add one to bypass the restriction.
    fn unsigned_override(&self, credentials: &Credentials<'_, '_>) -> Option<&'static str> {
        let is_open =
            credentials.scheme == Scheme::Message || !self.policy.restricts(credentials.claims.sender());
        if is_open { None } else { self.request.overrides().next() }
    }

    fn timely(&self, credentials: &Credentials<'_, '_>) -> Result<Timestamp, Fault> {
        let created = credentials.claims.created?;
        created.check(self.policy.window(credentials.scheme), self.now_ms)?;
        if credentials.claims.expires.is_some_and(|expires| expires.second() < self.now_ms / 1000) {
            return Err(Reason::TokenExpired.into());
        }
        // If the store was created after the request was signed, it cannot know whether the nonce was used
        // before.
        let unknown = self.store.is_some_and(|store| created.second() < store.refuses_before_s());
        if unknown && credentials.claims.nonce.is_some() {
            Err(Reason::StaleTimestamp.into())
        } else {
            Ok(created)
        }
    }

    fn proof(
        &self,
        set: KeySet<'k, HmacSha256>,
        key: Option<&'k Key<HmacSha256>>,
        entry: Option<&Entry>,
        credentials: &Credentials<'_, '_>,
    ) -> Result<KeyMatch<'k>, Fault> {
        let look = || self.look(entry, credentials);
        let found = match (credentials.input.body(), key) {
            (BodyRule::InMac, _) => return Ok(look().map(|()| KeyMatch::Awaited(set))?),
            (_, Some(key)) => signed_by(core::iter::once(key), credentials, self.request, b"", look),
            (_, None) => signed_by(set.tried(), credentials, self.request, b"", look),
        };
        found.map(KeyMatch::Found)
    }

    /// Returns the position of the nonce in the store.
    fn located(&self, credentials: &Credentials<'_, '_>) -> Option<Entry> {
        let (store, nonce) = self.store.zip(credentials.claims.nonce)?;
        Some(store.locate(Nonce { sender: credentials.claims.sender(), nonce: nonce.as_bytes() }))
    }

    /// Looks up the nonce before the MAC check. This loads the bucket of the nonce into the CPU cache for the
    /// later claim. A used nonce is rejected here only if the scheme specifies this order.
    fn look(&self, entry: Option<&Entry>, credentials: &Credentials<'_, '_>) -> Result<(), Reason> {
        let Some((store, entry)) = self.store.zip(entry) else { return Ok(()) };
        let seen = store.seen(entry, self.now_ms / 1000);
        if seen && credentials.claims.looks_before_mac { Err(Reason::Replayed) } else { Ok(()) }
    }
}

/// Returns the key with the version in the request, or `None` if the request contains no version.
#[inline]
fn named_key<'k>(
    set: KeySet<'k, HmacSha256>,
    credentials: &Credentials<'_, '_>,
) -> Result<Option<&'k Key<HmacSha256>>, Reason> {
    let named =
        credentials.claims.key_version.map(|version| set.version(version).ok_or(Reason::UnknownKeyVersion));
    named.transpose()
}

/// Returns the key that matches the received MAC. The signing input ends with `body`.
pub(crate) fn signed_by<'k>(
    mut keys: impl Iterator<Item = &'k Key<HmacSha256>> + Clone,
    signed: &Credentials<'_, '_>,
    request: &Request<'_>,
    body: &[u8],
    look: impl FnOnce() -> Result<(), Reason>,
) -> Result<&'k Key<HmacSha256>, Fault> {
    // Most sets have one key, and initialising a stream for eight keys takes as long as hashing a block.
    let found = if keys.clone().nth(1).is_none() {
        find::<1>(keys.clone(), signed, request, body, look)
    } else {
        find::<MAX_TRIED>(keys.clone(), signed, request, body, look)
    };
    // With this branch, the CPU can predict that the MAC is valid, so later instructions do not wait for the
    // MAC.
    let at = found?.ok_or(Reason::SignatureMismatch)?;
    keys.nth(at).ok_or(Reason::SignatureMismatch.into())
}

/// Returns the index of the key that matches the received MAC. `look` reads the replay table before the last
/// block is hashed, so the CPU can load the memory while it computes the hash.
#[inline]
fn find<'k, const KEYS: usize>(
    keys: impl Iterator<Item = &'k Key<HmacSha256>>,
    signed: &Credentials<'_, '_>,
    request: &Request<'_>,
    body: &[u8],
    look: impl FnOnce() -> Result<(), Reason>,
) -> Result<Option<usize>, Fault> {
    let mut stream = HmacSha256Stream::<KEYS>::idle();
    stream.begin(keys.map(Key::mac));
    signed.input.write(request, &mut stream)?;
    stream.update(body);
    look()?;
    let mac = signed.claims.signature.mac()?;
    Ok(stream.find(&mac))
}

/// Claims a nonce. A request is rejected if its time window ended while the body arrived, because the entry
/// for its nonce would expire immediately and the same request could be accepted again.
pub(crate) fn claim(
    nonce_expires_s: u64,
    now_ms: u64,
    claim: impl FnOnce(u64, u64) -> Outcome,
) -> Result<(), Reason> {
    let now_s = now_ms / 1000;
    if now_s >= nonce_expires_s {
        return Err(Reason::StaleTimestamp);
    }
    claim(nonce_expires_s, now_s).admit()
}
