//! Verification of requests. A complete request is verified in one call. For a streamed request, the head is
//! verified first and the body later.

mod body;
pub(crate) mod claimed;
mod head;
pub(crate) mod identity;
pub(crate) mod pending;
pub(crate) mod rejection;

use crate::bytes::sink::Sink;
use crate::keys::key::Key;
use crate::keys::source::KeySource;
use crate::mac::sha256::HmacSha256;
use crate::policy::route::Route;
use crate::policy::{Policy, WHOLE_PPM};
use crate::replay::nonce::Entry;
use crate::replay::store::{Outcome, ReplayStore, SenderShare};
use crate::schemes::{Credentials, chosen, read};
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use claimed::Claimed;
use head::{Head, HeadVerifier, KeyMatch, claim, signed_by};
use identity::Identity;
use pending::{Pending, Proven};
use rejection::{Failure, Rejection, rejected, unread};

/// Verifies requests with a policy and keys. A verifier is cheap to create, and threads can share it.
#[derive(Debug)]
pub struct Verifier<'p, 'k, K: ?Sized> {
    /// The requirements for requests.
    pub policy: &'p Policy,
    /// The keys of the senders.
    pub keys: &'k K,
}

impl<'p, 'k, K: KeySource + ?Sized> Verifier<'p, 'k, K> {
    /// Verifies a complete request. `store` is the replay store. If `store` is `None`, the caller must claim
    /// the nonce. `now_ms` is the current time in milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// [`Rejection`] with the reason. No request can cause any other error.
    pub fn verify<'a>(
        &self,
        request: &Request<'a>,
        body: &[u8],
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection>
    where
        'p: 'a,
    {
        self.verify_routed(request, Route::Path(request.target), body, store, now_ms)
    }

    /// Like [`Verifier::verify`], but the policy rules apply to `route` instead of the path in the request
    /// target. Use this method if the application uses a different path for routing. See [`Policy::route`].
    ///
    /// # Errors
    /// [`Rejection`], as for [`Verifier::verify`].
    pub fn verify_routed<'a>(
        &self,
        request: &Request<'a>,
        route: Route<'_>,
        body: &[u8],
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection>
    where
        'p: 'a,
    {
        self.with_credentials(request, |request, credentials| {
            self.accept(credentials, &self.head_verifier(request, route, store, now_ms), body)
                .map_err(|failure| rejected(self.policy, credentials, now_ms, failure))
        })
    }

    #[inline]
    fn accept<'a>(
        &self,
        credentials: &Credentials<'a, '_>,
        verifier: &HeadVerifier<'_, 'k, K>,
        body: &[u8],
    ) -> Result<Identity<'a>, Failure> {
        let head = verifier.head(credentials).map_err(Failure::before_mac)?;
        let mac_was_valid = head.is_proven();
        let key = self
            .check_body(credentials, &head, verifier.request, body)
            .map_err(|fault| Failure { fault, mac_was_valid })?;
        let now_ms = verifier.now_ms;
        self.claim_now(credentials.claims.sender(), &head, verifier.store, now_ms)
            .map_err(Failure::after_mac)?;
        key.usage().note(now_ms / 1000);
        Ok(Identity {
            sender: credentials.claims.sender(),
            name_as_sent: credentials.claims.name_as_sent,
            scheme: credentials.scheme,
            key_version: key.version(),
            user_id: credentials.claims.user_id,
            nonce: credentials.claims.nonce,
            age_ms: head.age_ms,
        })
    }

    /// Verifies the head of a request. Pass the body to [`Pending::update`].
    ///
    /// # Errors
    /// [`Rejection`] if the head is invalid.
    pub fn begin(
        &self,
        request: &Request<'_>,
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Pending, Rejection> {
        let mut pending = Pending::idle();
        self.begin_into(&mut pending, request, store, now_ms).map(|()| pending)
    }

    /// Like [`Verifier::begin`], but reuses `pending`. An unfinished verification in `pending` is discarded.
    ///
    /// # Errors
    /// [`Rejection`], as for [`Verifier::begin`].
    pub fn begin_into(
        &self,
        pending: &mut Pending,
        request: &Request<'_>,
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        self.begin_routed(pending, request, Route::Path(request.target), store, now_ms)
    }

    /// Like [`Verifier::begin_into`], but the policy rules apply to `route` instead of the path in the
    /// request target. See [`Policy::route`].
    ///
    /// # Errors
    /// [`Rejection`], as for [`Verifier::begin`].
    pub fn begin_routed(
        &self,
        pending: &mut Pending,
        request: &Request<'_>,
        route: Route<'_>,
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        pending.clear();
        self.with_credentials(request, |request, credentials| {
            self.head_verifier(request, route, store, now_ms)
                .head(credentials)
                .and_then(|head| pending.admit(credentials, &head, request, self.policy))
                .map_err(|fault| rejected(self.policy, credentials, now_ms, Failure::before_mac(fault)))
        })
    }

    /// Accepts a request whose head and body are verified. If its scheme has a nonce, the method claims the
    /// nonce in `store`.
    ///
    /// # Errors
    /// [`Rejection`] with `replayed`, with a reason that the replay store returns, or with `stale_timestamp`
    /// if the time window ended while the body arrived.
    pub fn claim<'a>(
        &self,
        proven: &'a Proven,
        store: &dyn ReplayStore,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        proven.claim(now_ms, |nonce, until_s, now_s| {
            self.claim_in(store, &store.locate(nonce), nonce.sender, until_s, now_s)
        })?;
        Ok(self.note_use(proven, now_ms))
    }

    /// Accepts or rejects a verified request after the caller has claimed its [`Proven::shared_key`] in
    /// another store, such as Redis. `outcome` is the result of that claim.
    ///
    /// # Errors
    /// [`Rejection`], as for [`Verifier::claim`].
    pub fn settle<'a>(
        &self,
        proven: &'a Proven,
        outcome: Outcome,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        proven.claim(now_ms, |_, _, _| outcome)?;
        Ok(self.note_use(proven, now_ms))
    }

    /// Writes the signing input of a request to `sink`, without the body, and returns the claims of the
    /// request. The request is not verified. This method is intended for tools that explain a rejection.
    ///
    /// # Errors
    /// [`Rejection`] if the credentials cannot be read. The bytes already written to `sink` must be discarded.
    pub fn signing_input<'a>(
        &self,
        request: &Request<'a>,
        sink: &mut impl Sink,
    ) -> Result<Claimed<'a>, Rejection>
    where
        'p: 'a,
    {
        self.with_credentials(request, |request, credentials| {
            credentials.input.write(request, sink).map_err(|fault| Rejection {
                age_ms: None,
                ..rejected(self.policy, credentials, 0, Failure::before_mac(fault))
            })?;
            Ok(Claimed::of(credentials))
        })
    }

    /// Reads the credentials of a request and passes them to `then`, together with the request as its sender
    /// signed it. The credentials are passed by reference, because they are too large to be moved.
    #[inline]
    fn with_credentials<'a, T>(
        &self,
        request: &Request<'a>,
        then: impl FnOnce(&Request<'a>, &Credentials<'a, '_>) -> Result<T, Rejection>,
    ) -> Result<T, Rejection>
    where
        'p: 'a,
    {
        let request = &self.policy.as_sent(request);
        let mut buffer = None;
        let scheme = chosen(self.policy, request);
        let read = read(scheme, self.policy, request, &mut buffer);
        let credentials = read.as_ref().map_err(|fault| unread(self.policy, scheme, request, *fault))?;
        then(request, credentials)
    }

    /// Records the use of the key. The key ring may have been replaced since the head was verified, so this
    /// key version may no longer exist.
    fn note_use<'a>(&self, proven: &'a Proven, now_ms: u64) -> Identity<'a> {
        let (name, version) = proven.key(self.policy);
        if let Some(key) = self.keys.find(name).and_then(|set| set.version(version)) {
            key.usage().note(now_ms / 1000);
        }
        proven.identity()
    }

    fn claim_now(
        &self,
        sender: &str,
        head: &Head<'_>,
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<(), Fault> {
        let Some((store, entry)) = store.zip(head.entry.as_ref()) else { return Ok(()) };
        claim(head.nonce_expires_s, now_ms, |until_s, now_s| {
            self.claim_in(store, entry, sender, until_s, now_s)
        })
        .map_err(Fault::from)
    }

    /// Claims the nonce. If the service has several senders, the claim fails when the sender has used its
    /// share of the store.
    fn claim_in(
        &self,
        store: &dyn ReplayStore,
        entry: &Entry,
        sender: &str,
        until_s: u64,
        now_s: u64,
    ) -> Outcome {
        let max_ppm = self.policy.max_sender_share_ppm;
        if max_ppm >= WHOLE_PPM || !self.keys.has_several_senders(self.policy.service.as_str()) {
            return store.claim(entry, until_s, now_s);
        }
        let share = SenderShare { sender, max_ppm, window_s: self.policy.longest_window_s() };
        store.claim_within(entry, share, until_s, now_s)
    }

    fn head_verifier<'j>(
        &'j self,
        request: &'j Request<'j>,
        route: Route<'j>,
        store: Option<&'j dyn ReplayStore>,
        now_ms: u64,
    ) -> HeadVerifier<'j, 'k, K> {
        HeadVerifier { policy: self.policy, keys: self.keys, request, route, store, now_ms }
    }

    #[inline]
    fn check_body(
        &self,
        credentials: &Credentials<'_, '_>,
        head: &Head<'k>,
        request: &Request<'_>,
        body: &[u8],
    ) -> Result<&'k Key<HmacSha256>, Fault> {
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > self.policy.max_body_bytes {
            return Err(Reason::BodyTooLarge.into());
        }
        match head.proof {
            KeyMatch::Found(key) => credentials.input.body().check(body).map(|()| key).map_err(Fault::from),
            KeyMatch::Awaited(set) => signed_by(set.tried(), credentials, request, body, || Ok(())),
        }
    }
}
