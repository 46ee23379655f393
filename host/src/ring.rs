//! The key ring of a running service, which can be replaced atomically.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Guard};
use sealwire_core::keys::{KeyRing, KeyStatus};

/// A key ring shared by signers and verifiers. Reading it requires no lock, so a reload does not delay
/// requests.
#[derive(Debug)]
pub struct SharedRing {
    ring: ArcSwap<KeyRing>,
    /// Whether keys are added while the service runs. If so, names without keys are not reported.
    grows: AtomicBool,
}

impl SharedRing {
    /// Creates a shared key ring.
    #[must_use]
    pub fn new(ring: KeyRing) -> Arc<Self> {
        Arc::new(Self { ring: ArcSwap::from_pointee(ring), grows: AtomicBool::new(false) })
    }

    /// Returns the current key ring. Use one returned key ring for all steps of a request.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<KeyRing>> {
        self.ring.load()
    }

    /// Replaces the key ring atomically. Key versions that are in both key rings keep their usage counts.
    pub fn replace(&self, ring: KeyRing) {
        ring.carry_over(&self.ring.load());
        self.ring.store(Arc::new(ring));
    }

    /// Replaces the key ring with that of `source`, in the same way as [`SharedRing::replace`]. Afterwards,
    /// both handles share the keys and their usage counts. Bindings use this function to activate a key ring
    /// that they loaded earlier.
    pub fn replace_with(&self, source: &Self) {
        let ring = source.ring.load_full();
        let before = self.ring.load();
        if !Arc::ptr_eq(&ring, &before) {
            ring.carry_over(&before);
            self.ring.store(ring);
        }
    }

    /// Declares that keys are added while the service runs, so that the names in settings are not compared
    /// with this key ring.
    pub fn set_growing(&self) {
        self.grows.store(true, Ordering::Relaxed);
    }

    /// Returns `true` if keys are added while the service runs.
    #[must_use]
    pub fn is_growing(&self) -> bool {
        self.grows.load(Ordering::Relaxed)
    }

    /// Returns the status of each key version, including how often it was used.
    #[must_use]
    pub fn status(&self) -> Vec<KeyStatus> {
        self.ring.load().status().collect()
    }
}
