//! Replay stores. A replay store records the nonces of accepted requests.

use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;

use sealwire_core::Policy;
use sealwire_core::replay::{Outcome, ReplayStore};
use sealwire_host::mapped::{MappedTable, default_name};
use sealwire_host::{
    ConfigError, ProcessTable, clock_conflict, default_table_slots, now_s, random_bytes, table_slots,
};

use crate::key_ring::KeyRing;

/// The replay store of a [`Verifier`](crate::Verifier). The default is a file that all processes of the host
/// share.
///
/// ```
/// use sealwire::ReplayTable;
///
/// let directory = tempfile::tempdir()?;
/// let shared = ReplayTable::mapped(directory.path().join("practices.replay"))?;
/// let own = ReplayTable::heap()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ReplayTable(pub(crate) Store);

#[derive(Clone, Debug)]
pub(crate) enum Store {
    Table(Arc<dyn ReplayStore>),
    Shared(Arc<dyn SharedStore>),
}

impl ReplayTable {
    /// Creates a table in the memory of this process. The table is lost when the process exits.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] if the operating system provides no memory or no random bytes.
    pub fn heap() -> Result<Self, ConfigError> {
        heap(table_slots(None, None), true)
    }

    /// Creates a table like [`ReplayTable::heap`], except that it also accepts requests that were signed
    /// before the table existed. Use this function only in tests, because such a request may already have
    /// been accepted.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], like [`ReplayTable::heap`].
    pub fn heap_accepting_older() -> Result<Self, ConfigError> {
        heap(table_slots(None, None), false)
    }

    /// Creates a table in the memory of this process. Its size is calculated from the request rate and the
    /// window, which is the sum of the past and future windows in seconds.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], like [`ReplayTable::heap`].
    pub fn heap_for(requests_per_second: u32, window_seconds: u32) -> Result<Self, ConfigError> {
        heap(table_slots(Some(requests_per_second), Some(window_seconds)), true)
    }

    /// Opens a table in a file. All processes of the host share the table, and it survives restarts. A
    /// missing file is created.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the file.
    pub fn mapped(path: impl AsRef<Path>) -> Result<Self, ConfigError> {
        let table = MappedTable::open(path, default_table_slots(None)).map_err(|cause| error(&cause))?;
        Ok(Self(Store::Table(Arc::new(table))))
    }

    /// Uses a store that the application provides, such as a table of `sealwire-core`. The store must not
    /// block.
    #[must_use]
    pub fn custom(store: Arc<dyn ReplayStore>) -> Self {
        Self(Store::Table(store))
    }

    /// Uses a store that several hosts share. This store works only with a middleware or with
    /// [`Verifier::verify_async`](crate::Verifier::verify_async).
    #[must_use]
    pub fn shared(store: impl SharedStore + 'static) -> Self {
        Self(Store::Shared(Arc::new(store)))
    }

    /// Removes all nonces, for tests. Earlier requests can then be accepted again. Only a table in the
    /// memory of this process can be cleared. For any other store, this function does nothing and returns
    /// `false`.
    ///
    /// ```
    /// # use sealwire::{KeyRing, KeySet, ReplayTable, Signer, Verifier};
    /// # let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
    /// let table = ReplayTable::heap()?;
    /// let verifier = Verifier::builder("practices", &keys).replay(table.clone()).build()?;
    /// # let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
    /// # let request = signer.sign(http::Request::get("http://practices.internal/").body("")?)?;
    /// assert!(verifier.verify(&request).is_ok() && verifier.verify(&request).is_err());
    /// assert!(table.clear());
    /// assert!(verifier.verify(&request).is_ok());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use = "a shared store is not cleared"]
    pub fn clear(&self) -> bool {
        match &self.0 {
            Store::Table(table) => table.clear(),
            Store::Shared(_) => false,
        }
    }

    /// Returns the default store of a verifier.
    pub(crate) fn of(policy: &Policy, keys: &KeyRing, has_clock: bool) -> Result<Self, ConfigError> {
        let window_s = u32::try_from(policy.longest_window_s()).unwrap_or(u32::MAX);
        let claims_nothing = !policy.claim_pairwise
            && policy.schemes.into_iter().flatten().all(|scheme| scheme == sealwire_core::Scheme::Pairwise);
        if claims_nothing {
            return heap(FEWEST_SLOTS, false);
        }
        if has_clock {
            return Err(clock_conflict());
        }
        let name = default_name(policy.service.as_str(), keys.status().into_iter().map(|key| key.name));
        let table = MappedTable::open_default(&name, default_table_slots(Some(window_s)));
        Ok(Self(Store::Table(Arc::new(table.map_err(|cause| error(&cause))?))))
    }
}

const FEWEST_SLOTS: usize = 8;

/// Creates a table in the memory of this process. If `knows_its_start` is true, the table rejects requests
/// that were signed before its creation, because they may have been accepted before a restart.
fn heap(slots: usize, knows_its_start: bool) -> Result<ReplayTable, ConfigError> {
    let key = random_bytes().map_err(|cause| error(&cause))?;
    let table = ProcessTable::new(slots, key, now_s()).map_err(|cause| error(&cause))?;
    Ok(ReplayTable(Store::Table(Arc::new(if knows_its_start { table } else { table.accept_older() }))))
}

fn error(cause: &dyn std::error::Error) -> ConfigError {
    ConfigError { entry: "replay".into(), advice: cause.to_string() }
}

/// The future that [`SharedStore::claim`] returns.
pub type Claim<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// A store that several hosts share, such as Redis.
///
/// ```
/// use std::{collections::HashSet, sync::Mutex};
/// use sealwire::{Claim, Outcome, SharedStore};
///
/// #[derive(Debug, Default)]
/// struct Memory(Mutex<HashSet<[u8; 32]>>);
///
/// impl SharedStore for Memory {
///     fn claim<'a>(&'a self, key: [u8; 32], _expires_s: u64) -> Claim<'a> {
///         let is_new = self.0.lock().is_ok_and(|mut keys| keys.insert(key));
///         Box::pin(async move { if is_new { Outcome::First } else { Outcome::Seen } })
///     }
/// }
/// ```
pub trait SharedStore: std::fmt::Debug + Send + Sync {
    /// Claims `key` atomically. The claim expires at `expires_s`, in Unix seconds. Returns [`Outcome::First`]
    /// for a new key and [`Outcome::Seen`] for a key that is already claimed. Returns
    /// [`Outcome::Unavailable`] if the store cannot decide. The request is then rejected.
    fn claim<'a>(&'a self, key: [u8; 32], expires_s: u64) -> Claim<'a>;
}
