//! The key ring of a running service, which can be replaced atomically.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Guard};
use sealwire_core::keys::{KeyRing, KeyStatus};

/// A key ring that signers and verifiers share. Reads take no lock, so a reload does not delay requests.
#[derive(Debug)]
pub struct SharedRing {
    ring: ArcSwap<KeyRing>,
    /// Whether keys are looked up while the service runs, so that names without keys are expected.
    grows: AtomicBool,
}

impl SharedRing {
    /// Creates a shared key ring.
    #[must_use]
    pub fn new(ring: KeyRing) -> Arc<Self> {
        Arc::new(Self { ring: ArcSwap::from_pointee(ring), grows: AtomicBool::new(false) })
    }

    /// Returns the current key ring. Use the same key ring for a complete request.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<KeyRing>> {
        self.ring.load()
    }

    /// Replaces the key ring atomically. Versions that are in both key rings keep their usage counts.
    pub fn replace(&self, ring: KeyRing) {
        ring.carry_over(&self.ring.load());
        self.ring.store(Arc::new(ring));
    }

    /// Like [`SharedRing::replace`], with the key ring of another handle, for bindings whose callers load a
    /// key ring first and use it later. The handles then share the keys and their usage counts.
    pub fn replace_with(&self, source: &Self) {
        let ring = source.ring.load_full();
        let before = self.ring.load();
        if !Arc::ptr_eq(&ring, &before) {
            ring.carry_over(&before);
            self.ring.store(ring);
        }
    }

    /// Declares that keys are looked up while the service runs, so the names in settings are not compared with this ring.
    pub fn set_growing(&self) {
        self.grows.store(true, Ordering::Relaxed);
    }

    /// Whether keys are looked up while the service runs.
    #[must_use]
    pub fn is_growing(&self) -> bool {
        self.grows.load(Ordering::Relaxed)
    }

    /// Returns the usage of each key version.
    #[must_use]
    pub fn status(&self) -> Vec<KeyStatus> {
        self.ring.load().status().collect()
    }
}
