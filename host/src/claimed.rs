//! A replay store for requests that two verifiers of one process verify. An example is the middleware of an
//! application and the middleware of a mounted application.

use sealwire_core::replay::{Entry, Fill, Nonce, Outcome, ReplayStore, SenderShare};

/// A replay store that accepts a single nonce again, namely the nonce that this request has already claimed.
///
/// The caller guarantees that an earlier verification of the same request claimed the nonce. All other checks
/// are performed, and the nonce is claimed if the store does not contain it.
#[derive(Debug)]
pub(crate) struct Claimed<'a> {
    store: &'a dyn ReplayStore,
    entry: Entry,
}

impl<'a> Claimed<'a> {
    pub(crate) fn new(store: &'a dyn ReplayStore, nonce: Nonce<'_>) -> Self {
        Self { store, entry: store.locate(nonce) }
    }

    fn admitted(&self, entry: &Entry, outcome: Outcome) -> Outcome {
        if outcome == Outcome::Seen && *entry == self.entry { Outcome::First } else { outcome }
    }
}

impl ReplayStore for Claimed<'_> {
    fn locate(&self, nonce: Nonce<'_>) -> Entry {
        self.store.locate(nonce)
    }

    fn seen(&self, entry: &Entry, now_s: u64) -> bool {
        *entry != self.entry && self.store.seen(entry, now_s)
    }

    fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome {
        self.admitted(entry, self.store.claim(entry, expires_s, now_s))
    }

    fn claim_within(&self, entry: &Entry, share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        self.admitted(entry, self.store.claim_within(entry, share, expires_s, now_s))
    }

    fn fill(&self, now_s: u64) -> Fill {
        self.store.fill(now_s)
    }

    fn refuses_before_s(&self) -> u64 {
        self.store.refuses_before_s()
    }

    fn is_shared(&self) -> bool {
        self.store.is_shared()
    }
}
