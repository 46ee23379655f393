//! Verification of requests.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use http::Request;
use sealwire_core::client::is_local_health_check;
use sealwire_core::replay::{Nonce, Outcome};
use sealwire_core::{Mode, Pending, Rejection as CoreRejection, Route};
use sealwire_host::{ModesConfig, Snapshot, Verifier as HostVerifier};

use crate::head::Head;
use crate::identity::Identity;
use crate::key_ring::KeyRing;
use crate::rejection::Rejection;
use crate::replay::SharedStore;

/// Verifies requests. Create a verifier once. It is cheap to clone and can be used from many threads.
///
/// ```
/// use sealwire::{KeyRing, KeySet, Reason, ReplayTable, Signer, Verifier};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
/// let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
///
/// let request = signer.sign(http::Request::put("http://practices.internal/patients/7").body("{}")?)?;
/// assert_eq!(verifier.verify(&request)?.sender, "agent");
/// assert_eq!(verifier.verify(&request).unwrap_err().reason(), Reason::Replayed);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier(pub(crate) Arc<Inner>);

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) verifier: HostVerifier,
    pub(crate) shared: Option<Arc<dyn SharedStore>>,
    pub(crate) keys: KeyRing,
    /// The modes from the builder, which apply if a mode file omits a setting.
    pub(crate) configured_modes: ModesConfig,
    pub(crate) service: Arc<str>,
    #[cfg_attr(
        not(any(feature = "actix", feature = "tower")),
        expect(dead_code, reason = "only the middlewares wait for bodies")
    )]
    pub(crate) body_timeout: Duration,
    pub(crate) local_health_check: bool,
}

impl Verifier {
    /// Verifies a request with its complete body. This function ignores the mode and the exempt paths.
    ///
    /// # Errors
    /// Returns a [`Rejection`] if the request is invalid. This function cannot wait for a shared replay store. If one
    /// is set, it rejects the request with the reason `replay_store_unavailable`, so use
    /// [`Verifier::verify_async`] instead.
    pub fn verify<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Identity, Rejection> {
        self.verify_at(request, self.0.verifier.now_ms())
    }

    /// Verifies a request like [`Verifier::verify`], with `now_ms` as the current time in milliseconds since
    /// the Unix epoch. For tests.
    ///
    /// ```
    /// # use sealwire::{KeyRing, KeySet, Reason, ReplayTable, Signer, Verifier};
    /// # let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
    /// # let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
    /// # let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
    /// let request = signer.at(4_000_000_000_000).sign(http::Request::get("http://practices.internal/").body("")?)?;
    /// assert_eq!(verifier.verify(&request).unwrap_err().reason(), Reason::FutureTimestamp);
    /// assert!(verifier.verify_at(&request, 4_000_000_001_000).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// Returns a [`Rejection`], like [`Verifier::verify`].
    pub fn verify_at<B: AsRef<[u8]>>(
        &self,
        request: &Request<B>,
        now_ms: u64,
    ) -> Result<Identity, Rejection> {
        let head = head_of(request);
        let verified = self.0.verifier.verify(&head.request(), request.body().as_ref(), now_ms);
        verified.map(Identity::from).map_err(|rejection| self.rejection(rejection))
    }

    /// Verifies a request like [`Verifier::verify`], and supports shared replay stores.
    ///
    /// # Errors
    /// Returns a [`Rejection`] if the request is invalid.
    pub async fn verify_async<B: AsRef<[u8]>>(&self, request: &Request<B>) -> Result<Identity, Rejection> {
        let mut pending = self.begin(&head_of(request), None)?;
        self.update(&mut pending, request.body().as_ref())?;
        self.finish(&mut pending, None).await
    }

    /// Returns the key ring of this verifier.
    #[must_use]
    pub fn keys(&self) -> &KeyRing {
        &self.0.keys
    }

    /// Returns the mode of the service.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.0.verifier.modes().load().service
    }

    /// Sets the mode of the service at run time. The modes of individual senders do not change.
    pub fn set_mode(&self, mode: Mode) {
        let modes = self.0.verifier.modes();
        let changed = sealwire_core::Modes { service: mode, ..sealwire_core::Modes::clone(&modes.load()) };
        modes.replace(changed);
    }

    /// Returns the number of accepted requests by scheme and of rejected requests by reason.
    #[must_use]
    pub fn stats(&self) -> Snapshot {
        self.0.verifier.stats()
    }

    /// Returns the fraction of the replay table that is in use, from 0 to 1. Returns `None` for a shared
    /// store.
    #[must_use]
    pub fn replay_fill(&self) -> Option<f64> {
        let fill = self.0.verifier.store()?.fill(sealwire_host::now_s());
        #[expect(clippy::cast_precision_loss, reason = "the ratio need not be exact")]
        let ratio = fill.live as f64 / fill.slots.max(1) as f64;
        Some(ratio)
    }

    /// Returns `true` if a request needs no signature, because its path is exempt or because it is a local
    /// health check. A local health check is `GET /health` from a loopback address. `peer` must be the
    /// address of the connection, never an address from a header.
    #[must_use]
    pub fn is_exempt<B>(&self, request: &Request<B>, peer: Option<IpAddr>) -> bool {
        let peer = peer.map(|peer| peer.to_string()).unwrap_or_default();
        self.exempts(&Head::new(request.method(), request.uri(), request.uri(), request.headers(), peer))
    }

    pub(crate) fn exempts(&self, head: &Head<'_>) -> bool {
        let request = head.request();
        self.0.verifier.policy().exempts_request(&request, self.route(head))
            || (self.0.local_health_check && is_local_health_check(request.method, head.routed, &head.peer))
    }

    /// Verifies a request whose signature does not cover the body.
    #[cfg(any(feature = "actix", feature = "tower"))]
    pub(crate) fn verify_head(&self, head: &Head<'_>) -> Result<Identity, Rejection> {
        let verified =
            self.0.verifier.verify_routed(&head.request(), self.route(head), b"", self.0.verifier.now_ms());
        verified.map(Identity::from).map_err(|rejection| self.rejection(rejection))
    }

    /// Verifies the head of a request. `claimed` is the nonce that an outer verifier in this process has
    /// already claimed for this request.
    pub(crate) fn begin(
        &self,
        head: &Head<'_>,
        claimed: Option<&Claimed>,
    ) -> Result<Box<Pending>, Rejection> {
        let mut pending = Box::new(Pending::idle());
        let claimed = claimed.map(Claimed::nonce);
        let route = self.route(head);
        let begun = self.0.verifier.begin_routed_into(
            &mut pending,
            &head.request(),
            route,
            claimed,
            self.0.verifier.now_ms(),
        );
        begun.map(|()| pending).map_err(|rejection| self.rejection(rejection))
    }

    pub(crate) fn update(&self, pending: &mut Pending, chunk: &[u8]) -> Result<(), Rejection> {
        self.0.verifier.update(pending, chunk).map_err(|rejection| self.rejection(rejection))
    }

    /// Verifies the received body and claims the nonce.
    pub(crate) async fn finish(
        &self,
        pending: &mut Pending,
        claimed: Option<&Claimed>,
    ) -> Result<Identity, Rejection> {
        let verifier = &self.0.verifier;
        let proven = verifier.finish_in_place(pending).map_err(|rejection| self.rejection(rejection))?;
        let verdict = match (&self.0.shared, proven.shared_key()) {
            (Some(store), Some(key)) => {
                let outcome = store.claim(key, proven.expires_s()).await;
                verifier.settle(&proven, outcome, verifier.now_ms())
            }
            (Some(_), None) => verifier.settle(&proven, Outcome::First, verifier.now_ms()),
            (None, _) => match claimed {
                Some(claimed) => verifier.claim_again(&proven, claimed.nonce(), verifier.now_ms()),
                None => verifier.claim(&proven, verifier.now_ms()),
            },
        };
        verdict.map(Identity::from).map_err(|rejection| self.rejection(rejection))
    }

    fn route<'h>(&self, head: &Head<'h>) -> Route<'h> {
        self.0.verifier.policy().route(head.routed, b"")
    }

    pub(crate) fn rejection(&self, rejection: CoreRejection) -> Rejection {
        Rejection::new(rejection, &self.0.service)
    }
}

fn head_of<B>(request: &Request<B>) -> Head<'_> {
    Head::new(request.method(), request.uri(), request.uri(), request.headers(), String::new())
}

/// The nonce that an outer verifier has claimed for a request. An inner verifier in the same process accepts
/// this nonce a second time.
#[derive(Clone, Debug)]
pub(crate) struct Claimed {
    pub(crate) sender: String,
    pub(crate) nonce: String,
}

impl Claimed {
    fn nonce(&self) -> Nonce<'_> {
        Nonce { sender: &self.sender, nonce: self.nonce.as_bytes() }
    }
}
