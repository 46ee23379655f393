//! One version of a secret, with its usage counters.

use core::sync::atomic::Ordering::Relaxed;
use core::sync::atomic::{AtomicU32, AtomicUsize};

use super::secret::{SecretError, Strength};
use crate::mac::Keyed;

/// One version of a secret, ready to sign and verify with the MAC `M`.
#[derive(Debug)]
pub struct Key<M> {
    version: u32,
    mac: M,
    usage: Usage,
}

impl<M: Keyed> Key<M> {
    /// Creates a key from the bytes of a secret.
    ///
    /// # Errors
    /// [`SecretError`] if the secret is empty, a placeholder or too short.
    pub fn new(version: u32, secret: &[u8], strength: Strength) -> Result<Self, SecretError> {
        strength.check(secret)?;
        Ok(Self { version, mac: M::keyed(secret), usage: Usage::default() })
    }
}

impl<M> Key<M> {
    /// Returns the key with a sharded usage counter on the heap.
    #[cfg(feature = "alloc")]
    pub(super) fn sharded(mut self) -> Self {
        self.usage.shards = Some(alloc::boxed::Box::default());
        self
    }

    /// Returns the version number, which is unique in a key set.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// Returns the keyed MAC.
    #[must_use]
    pub const fn mac(&self) -> &M {
        &self.mac
    }

    /// Returns the usage counters, which include verified requests but not signed requests.
    #[must_use]
    pub const fn usage(&self) -> &Usage {
        &self.usage
    }
}

/// The number of requests accepted with a key, and the time of the last one. These values show operators when
/// an old version can be removed.
#[derive(Debug, Default)]
pub struct Usage {
    accepted: AtomicUsize,
    last_accepted_s: AtomicU32,
    /// The sharded counter that a key in a ring uses instead of `accepted`. The sharded counter avoids
    /// contention between threads.
    #[cfg(feature = "alloc")]
    shards: Option<alloc::boxed::Box<super::counter::Counter>>,
}

impl Usage {
    /// Records an accepted request. `now_s` is the Unix time in seconds.
    pub fn note(&self, now_s: u64) {
        self.add(1);
        let now_s = u32::try_from(now_s).unwrap_or(u32::MAX);
        // The time is stored at most once per second. Storing the time for each request would cause
        // cache-line contention.
        if self.last_accepted_s.load(Relaxed) < now_s {
            self.last_accepted_s.store(now_s, Relaxed);
        }
    }

    /// Returns the number of requests accepted with this key.
    #[must_use]
    pub fn accepted(&self) -> usize {
        #[cfg(feature = "alloc")]
        if let Some(shards) = &self.shards {
            return shards.total();
        }
        self.accepted.load(Relaxed)
    }

    /// Returns the Unix time in seconds of the last accepted request, or `None` if there was no request.
    #[must_use]
    pub fn last_accepted_s(&self) -> Option<u32> {
        Some(self.last_accepted_s.load(Relaxed)).filter(|second| *second != 0)
    }

    /// Adds the usage counts of `before`, the same key version in the replaced ring.
    pub fn carry_over(&self, before: &Self) {
        self.add(before.accepted());
        self.last_accepted_s.fetch_max(before.last_accepted_s.load(Relaxed), Relaxed);
    }

    fn add(&self, requests: usize) {
        #[cfg(feature = "alloc")]
        if let Some(shards) = &self.shards {
            return shards.add(requests);
        }
        self.accepted.fetch_add(requests, Relaxed);
    }
}
