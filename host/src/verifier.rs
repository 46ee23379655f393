//! A verifier that owns its data, for the bindings. Thread-safe.

use std::sync::Arc;

use sealwire_core::replay::{NoStore, Nonce, Outcome, ReplayStore};
use sealwire_core::{
    Authorities, Identity, Pending, Policy, Proven, Rejection, Request, Route, Scheme,
    Verifier as CoreVerifier, keys::KeyRing,
};

use crate::claimed::Claimed;
use crate::config_error::{ConfigError, error};
use crate::{SharedModes, SharedRing, Snapshot, stats::Stats};

/// A policy, shared modes, a shared key ring, a replay store and counters.
#[derive(Debug)]
pub struct Verifier {
    policy: Policy,
    /// Replace the modes of the policy while the service runs.
    modes: Arc<SharedModes>,
    ring: Arc<SharedRing>,
    store: Option<Arc<dyn ReplayStore>>,
    accept_replays: bool,
    stats: Stats,
}

impl Verifier {
    /// Makes a verifier that claims nonces in `store`. `None` is for callers with a store of their own, such as Redis: they use
    /// [`Verifier::prove`] and [`Verifier::settle`], because everything else rejects requests with a nonce.
    #[must_use]
    pub fn new(policy: Policy, ring: Arc<SharedRing>, store: Option<Arc<dyn ReplayStore>>) -> Self {
        let modes = SharedModes::new(policy.modes.clone());
        Self { policy, modes, ring, store, accept_replays: false, stats: Stats::default() }
    }

    /// The same verifier; without a store it accepts requests with a nonce, however often they come.
    #[must_use]
    pub fn accepting_replays(self) -> Self {
        Self { accept_replays: true, ..self }
    }

    /// The same verifier under modes that others share with it, in place of its policy's.
    #[must_use]
    pub fn under(self, modes: Arc<SharedModes>) -> Self {
        Self { modes, ..self }
    }

    /// Checks the settings that depend on the keys.
    ///
    /// # Errors
    /// [`ConfigError`] when `message` accepts only client keys and no authority is set: such a key names no receiver, so
    /// a request for another service would pass here.
    pub fn check(&self) -> Result<(), ConfigError> {
        if self.needs_authorities() && self.ring.load().has_only_clients() {
            return Err(error(
                "authorities",
                "list the hosts that this service serves, or write \"any\": under message, a client key names no receiver",
            ));
        }
        Ok(())
    }

    /// A warning for the operator at the start: some keys of the ring cannot be used with these settings.
    #[must_use]
    pub fn warning(&self) -> Option<&'static str> {
        (self.needs_authorities() && self.ring.load().has_clients()).then_some(
            "authorities is not set, so message requests that are signed with a client key are rejected, because such a key \
             names no receiver. List the hosts that this service serves, or write \"any\"",
        )
    }

    /// Whether `message` requests of clients have no authority to be compared with.
    fn needs_authorities(&self) -> bool {
        self.policy.schemes.contains(&Some(Scheme::Message))
            && matches!(self.policy.authorities, Authorities::Unset)
    }

    /// Verifies a whole request.
    ///
    /// # Errors
    /// [`Rejection`]; what to do with it is its `mode`.
    pub fn verify<'a>(
        &'a self,
        request: &Request<'a>,
        body: &[u8],
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        let ring = self.ring.load();
        let store = self.store().or((!self.accept_replays).then_some(&NoStore as &dyn ReplayStore));
        let verdict = self.judge(&ring).verify(request, body, store, now_ms);
        self.count(verdict)
    }

    /// Verifies a whole request that the application routes by another path than the target's, see [`Policy::route`].
    ///
    /// # Errors
    /// As [`Verifier::verify`].
    pub fn verify_routed<'a>(
        &'a self,
        request: &Request<'a>,
        route: Route<'_>,
        body: &[u8],
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection> {
        let ring = self.ring.load();
        let verdict = self.judge(&ring).verify_routed(request, route, body, self.store(), now_ms);
        self.count(verdict)
    }

    /// Verifies the head of a request.
    ///
    /// # Errors
    /// [`Rejection`], before a byte of the body was read.
    pub fn begin(&self, request: &Request<'_>, now_ms: u64) -> Result<Pending, Rejection> {
        let mut pending = Pending::idle();
        self.begin_into(&mut pending, request, now_ms).map(|()| pending)
    }

    /// Like [`Verifier::begin`], but reuses the caller's `Pending`, whose earlier verification ends.
    ///
    /// # Errors
    /// As [`Verifier::begin`].
    pub fn begin_into(
        &self,
        pending: &mut Pending,
        request: &Request<'_>,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        self.begin_routed(pending, request, Route::Path(request.path()), now_ms)
    }

    /// As [`Verifier::begin_into`], for a request that the application routes by another path than the target's, see
    /// [`Policy::route`].
    ///
    /// # Errors
    /// As [`Verifier::begin`].
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

    /// As [`Verifier::begin_into`], for a request that the application routes by another path than the target's. `claimed` is
    /// the nonce that another verifier of this process has claimed for this very request.
    ///
    /// # Errors
    /// As [`Verifier::begin`].
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

    /// Adds the next piece of a body.
    ///
    /// # Errors
    /// [`Rejection`]: the verification is over.
    pub fn update(&self, pending: &mut Pending, chunk: &[u8]) -> Result<(), Rejection> {
        pending.update(chunk).map_err(|rejected| self.reject(rejected))
    }

    /// Ends a verification whose body did not arrive in time, and returns the rejection: `body_timeout`.
    pub fn expire(&self, pending: &mut Pending) -> Rejection {
        self.reject(pending.expire())
    }

    /// Ends a body. Then claim the nonce, with [`Verifier::claim`], or in another store with
    /// [`Verifier::settle`].
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn finish(&self, mut pending: Pending) -> Result<Proven, Rejection> {
        self.finish_in_place(&mut pending)
    }

    /// Like [`Verifier::finish`], without copying.
    ///
    /// # Errors
    /// As [`Verifier::finish`].
    pub fn finish_in_place(&self, pending: &mut Pending) -> Result<Proven, Rejection> {
        pending.finish_in_place().map_err(|rejected| self.reject(rejected))
    }

    /// Head and body in one call, the claim left to the caller.
    ///
    /// # Errors
    /// [`Rejection`].
    pub fn prove(&self, request: &Request<'_>, body: &[u8], now_ms: u64) -> Result<Proven, Rejection> {
        let mut pending = self.begin(request, now_ms)?;
        self.update(&mut pending, body)?;
        self.finish(pending)
    }

    /// Claims the nonce of a proven request in this verifier's store and accepts it. Read `now_ms` after the
    /// body.
    ///
    /// # Errors
    /// [`Rejection`]: replayed, or the store cannot tell.
    pub fn claim<'a>(&self, proven: &'a Proven, now_ms: u64) -> Result<Identity<'a>, Rejection> {
        let ring = self.ring.load();
        let verifier = self.judge(&ring);
        let verdict = match self.store() {
            Some(store) => verifier.claim(proven, store, now_ms),
            None => verifier.settle(proven, self.outcome_without_store(), now_ms),
        };
        self.count(verdict)
    }

    /// As [`Verifier::claim`], for a request that another verifier of this process has accepted; see
    /// [`Verifier::begin_routed_into`].
    ///
    /// # Errors
    /// As [`Verifier::claim`].
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

    /// Accepts or rejects a proven request with the result of the caller's own store.
    ///
    /// # Errors
    /// [`Rejection`]: what `outcome` says.
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

    /// The policy.
    #[must_use]
    pub const fn policy(&self) -> &Policy {
        &self.policy
    }

    /// The current modes.
    #[must_use]
    pub const fn modes(&self) -> &Arc<SharedModes> {
        &self.modes
    }

    /// The key ring.
    #[must_use]
    pub const fn ring(&self) -> &Arc<SharedRing> {
        &self.ring
    }

    /// The replay store.
    #[must_use]
    pub fn store(&self) -> Option<&dyn ReplayStore> {
        self.store.as_deref()
    }

    /// The decisions so far.
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
