//! The key ring of a running service: replaced whole while requests run.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use sealwire_core::keys::{KeyRing, KeyStatus};

/// A key ring that signers and verifiers share. Reading it takes no lock, so a reload never holds up a request.
#[derive(Debug)]
pub struct SharedRing(ArcSwap<KeyRing>);

impl SharedRing {
    /// Shares a ring.
    #[must_use]
    pub fn new(ring: KeyRing) -> Arc<Self> {
        Arc::new(Self(ArcSwap::from_pointee(ring)))
    }

    /// Returns the current ring. A request uses one ring from start to end.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<KeyRing>> {
        self.0.load()
    }

    /// Replaces the whole ring atomically. Versions in both rings keep their counts.
    pub fn replace(&self, ring: KeyRing) {
        ring.carry_over(&self.0.load());
        self.0.store(Arc::new(ring));
    }

    /// As [`SharedRing::replace`], with the keys another handle holds: for bindings whose callers load a ring of its own
    /// before they put it in place. Both handles share those keys, and their counts, from then on.
    pub fn replace_with(&self, source: &Self) {
        let ring = source.0.load_full();
        let before = self.0.load();
        if !Arc::ptr_eq(&ring, &before) {
            ring.carry_over(&before);
            self.0.store(ring);
        }
    }

    /// As [`SharedRing::replace`], with the ring another handle holds; from then on both share it until either is
    /// replaced.
    pub fn adopt(&self, other: &Self) {
        let ring = other.0.load_full();
        let before = self.0.load_full();
        if !Arc::ptr_eq(&ring, &before) {
            ring.carry_over(&before);
            self.0.store(ring);
        }
    }

    /// Returns the usage of each key version.
    #[must_use]
    pub fn status(&self) -> Vec<KeyStatus> {
        self.0.load().status().collect()
    }
}
