//! A thread-safe verifier that owns its data, for the bindings.

use std::sync::Arc;

use sealwire_core::replay::{NoStore, Nonce, Outcome, ReplayStore};
use sealwire_core::{
    Authorities, Identity, Pending, Policy, Proven, Rejection, Request, Route, Scheme,
    Verifier as CoreVerifier, keys::KeyRing,
};

use crate::application_time::Undated;
use crate::claimed::Claimed;
use crate::config_error::{ConfigError, error};
use crate::{SharedModes, SharedRing, Snapshot, peers, stats::Stats};

/// A verifier with a policy, shared modes, a shared key ring, a replay store and counters.
#[derive(Debug)]
pub struct Verifier {
    policy: Policy,
    /// The current modes. They take precedence over the modes of the policy and can change at run time.
    modes: Arc<SharedModes>,
    ring: Arc<SharedRing>,
    store: Option<Arc<dyn ReplayStore>>,
    accept_replays: bool,
    stats: Stats,
    #[cfg(feature = "os")]
    clock: crate::Clock,
}

impl Verifier {
    /// Creates a verifier. Each nonce is recorded in `store`, and a request with a recorded nonce is
    /// rejected.
    ///
    /// If `store` is `None`, the caller must record nonces in another store, such as Redis. In that case, use
    /// [`Verifier::prove`] and [`Verifier::settle`], because all other methods reject requests with a nonce.
    #[must_use]
    pub fn new(policy: Policy, ring: Arc<SharedRing>, store: Option<Arc<dyn ReplayStore>>) -> Self {
        let modes = SharedModes::new(policy.modes.clone());
        Self {
            policy,
            modes,
            ring,
            store,
            accept_replays: false,
            stats: Stats::default(),
            #[cfg(feature = "os")]
            clock: crate::Clock::default(),
        }
    }

    /// Disables replay protection for a verifier without a store. The verifier then accepts all requests with
    /// a nonce, including replays.
    #[must_use]
    pub fn accepting_replays(self) -> Self {
        Self { accept_replays: true, ..self }
    }

    /// Sets the shared modes, which take precedence over the modes of the policy.
    #[must_use]
    pub fn under(self, modes: Arc<SharedModes>) -> Self {
        Self { modes, ..self }
    }

    /// Prepares the verifier for verification times that do not come from the system clock.
    ///
    /// # Errors
    /// [`ConfigError`] if the replay store is shared with other processes.
    pub fn at_other_times(self) -> Result<Self, ConfigError> {
        let store = self.store.map(Undated::new).transpose()?;
        Ok(Self { store: store.map(|store| Arc::new(store) as _), ..self })
    }

    /// Sets a clock provided by the application.
    ///
    /// # Errors
    /// The same errors as for [`Verifier::at_other_times`].
    #[cfg(feature = "os")]
    pub fn with_clock(self, clock: crate::Clock) -> Result<Self, ConfigError> {
        Ok(Self { clock, ..self.at_other_times()? })
    }

    /// Returns the current time of the verifier's clock, in milliseconds since the Unix epoch.
    #[cfg(feature = "os")]
    #[inline]
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.clock.now_ms()
    }

    /// Validates the settings that depend on the keys.
    ///
    /// # Errors
    /// [`ConfigError`] in these cases:
    /// - The scheme `message` is accepted, all keys are client keys, and no authority is configured. A client
    ///   key does not identify the receiver, so a request to another service would be accepted.
    /// - An entry of `senders` has no keys, and its name is similar to the name of a sender with keys.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.needs_authorities() && self.ring.load().has_only_clients() {
            return Err(error(
                "authorities",
                "list the hosts that this service serves, or write \"any\": under message, a client key does not identify the receiver",
            ));
        }
        self.senders_without_keys().map(drop)
    }

    /// Returns warnings for the operator, to be logged at start-up. They report keys that cannot be used with
    /// these settings, and senders without keys.
    #[must_use]
    pub fn warnings(&self) -> Vec<String> {
        let mut warnings = Vec::new();
        if self.needs_authorities() && self.ring.load().has_clients() {
            warnings.push(
                "authorities is not set, so message requests that are signed with a client key are rejected, because such a \
                 key does not identify the receiver. List the hosts that this service serves, or write \"any\""
                    .into(),
            );
        }
        if !self.ring.is_growing() && peers::uses_no_key(&self.policy, &self.ring.load()) {
            warnings.push(format!(
                "the key ring contains no key for the service {} and the accepted schemes, so all requests are rejected. Check \
                 the name of the service, the schemes and the keys",
                crate::redact::shown(self.policy.service.as_str())
            ));
        }
        let without = self.senders_without_keys().unwrap_or_default();
        if !without.is_empty() {
            let names = without.join(", ");
            warnings.push(format!("senders contains {names}, for which there are no keys, so their requests are rejected. Add keys, or remove the entries"));
        }
        warnings
    }

    /// Returns the entries of `senders` that have no keys. The result is empty if keys are added while the
    /// service runs.
    fn senders_without_keys(&self) -> Result<Vec<String>, ConfigError> {
        let ring = self.ring.load();
        if self.ring.is_growing() || ring.is_empty() {
            return Ok(Vec::new());
        }
        peers::without_keys(&self.policy, &ring)
    }

    /// Returns `true` if `message` is accepted and no authorities are configured.
    fn needs_authorities(&self) -> bool {
        self.policy.schemes.contains(&Some(Scheme::Message))
            && matches!(self.policy.authorities, Authorities::Unset)
    }

    /// Verifies a complete request.
    ///
    /// # Errors
    /// [`Rejection`] if the request is invalid. The `mode` of the rejection determines whether the client
    /// receives an error response.
    pub fn verify<'a>(
        &'a self,
        request: &Request<'a>,
        body: &[u8],
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        self.verify_routed(request, Route::Path(request.target), body, now_ms)
    }

    /// Verifies a complete request for an application whose route differs from the path in the request
    /// target. See [`Policy::route`].
    ///
    /// # Errors
    /// The same rejections as for [`Verifier::verify`].
    pub fn verify_routed<'a>(
        &'a self,
        request: &Request<'a>,
        route: Route<'_>,
        body: &[u8],
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        let ring = self.ring.load();
        let store = self.store().or((!self.accept_replays).then_some(&NoStore as &dyn ReplayStore));
        let verdict = self.judge(&ring).verify_routed(request, route, body, store, now_ms);
        self.count(verdict)
    }

    /// Verifies the head of a request.
    ///
    /// # Errors
    /// [`Rejection`] if the head is invalid.
    pub fn begin(&self, request: &Request<'_>, now_ms: u64) -> Result<Pending, Rejection> {
        let mut pending = Pending::idle();
        self.begin_into(&mut pending, request, now_ms).map(|()| pending)
    }

    /// Verifies the head of a request and stores the state of the verification in `pending`. If `pending`
    /// contains an unfinished verification, that verification is discarded.
    ///
    /// # Errors
    /// The same rejections as for [`Verifier::begin`].
    pub fn begin_into(
        &self,
        pending: &mut Pending,
        request: &Request<'_>,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        self.begin_routed(pending, request, Route::Path(request.target), now_ms)
    }

    /// Verifies the head of a request for an application whose route differs from the path in the request
    /// target. See [`Policy::route`] and [`Verifier::begin_into`].
    ///
    /// # Errors
    /// The same rejections as for [`Verifier::begin`].
    pub fn begin_routed(
        &self,
        pending: &mut Pending,
        request: &Request<'_>,
        route: Route<'_>,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        let ring = self.ring.load();
        let begun = self.judge(&ring).begin_routed(pending, request, route, self.store(), now_ms);
        begun.map_err(|rejected| self.reject(rejected))
    }

    /// Verifies the head of a request that another verifier in this process may already have verified.
    /// `claimed` is the nonce that the other verifier recorded for this request. See
    /// [`Verifier::begin_routed`].
    ///
    /// # Errors
    /// The same rejections as for [`Verifier::begin`].
    pub fn begin_routed_into(
        &self,
        place: &mut Pending,
        request: &Request<'_>,
        route: Route<'_>,
        claimed: Option<Nonce<'_>>,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        let ring = self.ring.load();
        let again = self.store().zip(claimed).map(|(store, nonce)| Claimed::new(store, nonce));
        let again = again.as_ref().map(|store| store as &dyn ReplayStore);
        let begun =
            self.judge(&ring).begin_routed(place, request, route, again.or_else(|| self.store()), now_ms);
        begun.map_err(|rejected| self.reject(rejected))
    }

    /// Adds the next part of the body.
    ///
    /// # Errors
    /// [`Rejection`] if the body is too large, or if the signature covers no body. This ends the
    /// verification.
    pub fn update(&self, pending: &mut Pending, chunk: &[u8]) -> Result<(), Rejection> {
        pending.update(chunk).map_err(|rejected| self.reject(rejected))
    }

    /// Discards a verification because the body did not arrive in time. Returns a rejection with the reason
    /// `body_timeout`.
    pub fn expire(&self, pending: &mut Pending) -> Rejection {
        self.reject(pending.expire())
    }

    /// Verifies the complete body. Afterwards the caller must either call [`Verifier::claim`], or claim the
    /// nonce in another store and then call [`Verifier::settle`].
    ///
    /// # Errors
    /// [`Rejection`] if the body or the MAC is invalid.
    pub fn finish(&self, mut pending: Pending) -> Result<Proven, Rejection> {
        self.finish_in_place(&mut pending)
    }

    /// Verifies the complete body, without moving `pending`. See [`Verifier::finish`].
    ///
    /// # Errors
    /// The same rejections as for [`Verifier::finish`].
    pub fn finish_in_place(&self, pending: &mut Pending) -> Result<Proven, Rejection> {
        pending.finish_in_place().map_err(|rejected| self.reject(rejected))
    }

    /// Verifies the head and the body of a request, but does not claim its nonce.
    ///
    /// # Errors
    /// [`Rejection`] if the request is invalid.
    pub fn prove(&self, request: &Request<'_>, body: &[u8], now_ms: u64) -> Result<Proven, Rejection> {
        let mut pending = self.begin(request, now_ms)?;
        self.update(&mut pending, body)?;
        self.finish(pending)
    }

    /// Claims the nonce of a request in the replay store of this verifier and accepts the request. The caller
    /// must read the time `now_ms` after the body has arrived.
    ///
    /// # Errors
    /// [`Rejection`] if the nonce was already claimed, if the time window has ended, if the store is full or
    /// unavailable, or if the sender has used its share of the store.
    pub fn claim<'a>(&self, proven: &'a Proven, now_ms: u64) -> Result<Identity<'a>, Rejection> {
        let ring = self.ring.load();
        let verifier = self.judge(&ring);
        let verdict = match self.store() {
            Some(store) => verifier.claim(proven, store, now_ms),
            None => verifier.settle(proven, self.outcome_without_store(), now_ms),
        };
        self.count(verdict)
    }

    /// Claims the nonce of a request that another verifier in this process has already accepted. See
    /// [`Verifier::claim`] and [`Verifier::begin_routed_into`].
    ///
    /// # Errors
    /// The same rejections as for [`Verifier::claim`].
    pub fn claim_again<'a>(
        &self,
        proven: &'a Proven,
        claimed: Nonce<'_>,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        let Some(store) = self.store() else { return self.claim(proven, now_ms) };
        let ring = self.ring.load();
        self.count(self.judge(&ring).claim(proven, &Claimed::new(store, claimed), now_ms))
    }

    /// Accepts or rejects a request after the caller has claimed its nonce in another store. `outcome` is the
    /// outcome of that claim.
    ///
    /// # Errors
    /// [`Rejection`] with the reason that corresponds to `outcome`.
    pub fn settle<'a>(
        &self,
        proven: &'a Proven,
        outcome: Outcome,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        let ring = self.ring.load();
        let verdict = self.judge(&ring).settle(proven, outcome, now_ms);
        self.count(verdict)
    }

    /// Returns the policy of this verifier.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// Returns the current modes.
    #[must_use]
    pub const fn modes(&self) -> &Arc<SharedModes> {
        &self.modes
    }

    /// Returns the key ring of this verifier.
    #[must_use]
    pub const fn ring(&self) -> &Arc<SharedRing> {
        &self.ring
    }

    /// Returns the replay store of this verifier, if it has one.
    #[must_use]
    pub fn store(&self) -> Option<&dyn ReplayStore> {
        self.store.as_deref()
    }

    /// Returns the current values of the counters.
    #[must_use]
    pub fn stats(&self) -> Snapshot {
        self.stats.snapshot()
    }

    fn outcome_without_store(&self) -> Outcome {
        if self.accept_replays { Outcome::First } else { Outcome::Unavailable }
    }

    fn judge<'p, 'k>(&'p self, ring: &'k KeyRing) -> CoreVerifier<'p, 'k, KeyRing> {
        CoreVerifier { policy: &self.policy, keys: ring }
    }

    fn count<'a>(&self, verdict: Result<Identity<'a>, Rejection>) -> Result<Identity<'a>, Rejection> {
        let identity = verdict.map_err(|rejected| self.reject(rejected))?;
        self.stats.accept(identity.scheme);
        Ok(identity)
    }

    fn reject(&self, rejected: Rejection) -> Rejection {
        let mode = self.modes.load().of(rejected.sender.as_str());
        let rejected = Rejection { mode, ..rejected };
        self.stats.reject(&rejected);
        rejected
    }
}
