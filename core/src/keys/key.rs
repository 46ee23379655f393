//! One version of a secret, and how it has been used.

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
    /// Checks and keys a secret's bytes.
    ///
    /// # Errors
    /// [`SecretError`] when the secret is empty, a placeholder or too short.
    pub fn new(version: u32, secret: &[u8], strength: Strength) -> Result<Self, SecretError> {
        strength.check(secret)?;
        Ok(Self { version, mac: M::keyed(secret), usage: Usage::default() })
    }
}

impl<M> Key<M> {
    /// The key, counting in shards on the heap.
    #[cfg(feature = "alloc")]
    pub(super) fn sharded(mut self) -> Self {
        self.usage.shards = Some(alloc::boxed::Box::default());
        self
    }

    /// The version, unique in its set.
    #[must_use]
    pub const fn version(&self) -> u32 {
        self.version
    }

    /// The keyed MAC.
    #[must_use]
    pub const fn mac(&self) -> &M {
        &self.mac
    }

    /// How the key has been used to verify.
    #[must_use]
    pub const fn usage(&self) -> &Usage {
        &self.usage
    }
}

/// Counts the requests that a key accepted, so that an operator knows when an old version can be retired.
#[derive(Debug, Default)]
pub struct Usage {
    accepted: AtomicUsize,
    last_accepted_s: AtomicU32,
    /// Where a ring's keys count instead, so that threads do not wait for each other.
    #[cfg(feature = "alloc")]
    shards: Option<alloc::boxed::Box<super::counter::Counter>>,
}

impl Usage {
    /// Notes an accepted request at `now_s`, Unix seconds.
    pub fn note(&self, now_s: u64) {
        self.add(1);
        let now_s = u32::try_from(now_s).unwrap_or(u32::MAX);
        // Written once a second, not once a request: a line that is only read stays in every core's cache.
        if self.last_accepted_s.load(Relaxed) < now_s {
            self.last_accepted_s.store(now_s, Relaxed);
        }
    }

    /// Requests accepted under this key.
    #[must_use]
    pub fn accepted(&self) -> usize {
        #[cfg(feature = "alloc")]
        if let Some(shards) = &self.shards {
            return shards.total();
        }
        self.accepted.load(Relaxed)
    }

    /// When the last one was, Unix seconds; `None` if there was none.
    #[must_use]
    pub fn last_accepted_s(&self) -> Option<u32> {
        Some(self.last_accepted_s.load(Relaxed)).filter(|second| *second != 0)
    }

    /// Takes over another key's counts, when a ring is replaced and this version stays.
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
