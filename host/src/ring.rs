//! The key ring of a running service, which can be replaced atomically.

use std::sync::Arc;

use arc_swap::{ArcSwap, Guard};
use sealwire_core::keys::{KeyRing, KeyStatus};

/// A key ring that signers and verifiers share. Reads take no lock, so a reload does not delay requests.
#[derive(Debug)]
pub struct SharedRing(ArcSwap<KeyRing>);

impl SharedRing {
    /// Creates a shared key ring.
    #[must_use]
    pub fn new(ring: KeyRing) -> Arc<Self> {
        Arc::new(Self(ArcSwap::from_pointee(ring)))
    }

    /// Returns the current key ring. Use the same key ring for a complete request.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<KeyRing>> {
        self.0.load()
    }

    /// Replaces the key ring atomically. Versions that are in both key rings keep their usage counts.
    pub fn replace(&self, ring: KeyRing) {
        ring.carry_over(&self.0.load());
        self.0.store(Arc::new(ring));
    }

    /// Like [`SharedRing::replace`], with the key ring of another handle, for bindings whose callers load a
    /// key ring first and use it later. The handles then share the keys and their usage counts.
    pub fn replace_with(&self, source: &Self) {
        let ring = source.0.load_full();
        let before = self.0.load();
        if !Arc::ptr_eq(&ring, &before) {
            ring.carry_over(&before);
            self.0.store(ring);
        }
    }

    /// Like [`SharedRing::replace`], with the key ring of another handle. The handles share the key ring
    /// until it is replaced in one of them.
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
