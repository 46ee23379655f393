//! A replay store for requests that are verified twice in one process, for example by the middleware of an
//! application and by the middleware of an application mounted in it.

use sealwire_core::replay::{Entry, Fill, Nonce, Outcome, ReplayStore, SenderShare};

/// Wraps a replay store and accepts one nonce a second time: the nonce of the request that is being verified.
///
/// The caller guarantees that an earlier verification of the same request recorded this nonce. All other
/// nonces are handled by the wrapped store. If the wrapped store does not contain the nonce, the nonce is
/// recorded.
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
