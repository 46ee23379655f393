//! The key ring of a running service, which can be replaced atomically.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Guard};
use sealwire_core::keys::{KeyRing, KeyStatus};

/// A key ring that signers and verifiers share. Reading requires no lock, so a reload does not delay
/// requests.
#[derive(Debug)]
pub struct SharedRing {
    ring: ArcSwap<KeyRing>,
    /// Whether keys are added while the service runs. Names without keys are then not reported.
    grows: AtomicBool,
}

impl SharedRing {
    /// Creates a shared key ring.
    #[must_use]
    pub fn new(ring: KeyRing) -> Arc<Self> {
        Arc::new(Self { ring: ArcSwap::from_pointee(ring), grows: AtomicBool::new(false) })
    }

    /// Returns the current key ring. Use the returned key ring for the complete request.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<KeyRing>> {
        self.ring.load()
    }

    /// Replaces the key ring atomically. The usage counts of versions in both key rings are preserved.
    pub fn replace(&self, ring: KeyRing) {
        ring.carry_over(&self.ring.load());
        self.ring.store(Arc::new(ring));
    }

    /// Replaces the key ring with the key ring of `source`, as [`SharedRing::replace`] does. Afterwards, both
    /// handles share the keys and their usage counts. Bindings use this function to load a key ring first and
    /// activate it later.
    pub fn replace_with(&self, source: &Self) {
        let ring = source.ring.load_full();
        let before = self.ring.load();
        if !Arc::ptr_eq(&ring, &before) {
            ring.carry_over(&before);
            self.ring.store(ring);
        }
    }

    /// Declares that keys are added while the service runs. The names in settings are then not compared with
    /// this key ring.
    pub fn set_growing(&self) {
        self.grows.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if keys are added while the service runs.
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
