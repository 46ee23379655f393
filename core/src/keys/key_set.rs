//! A set of versions of one secret, of which one is the primary.

use super::key::Key;

/// The maximum number of keys that a verifier tries if the request contains no version.
pub const MAX_TRIED: usize = 8;

/// A borrowed, validated set of versions of a secret. The set is not empty, its version numbers are unique,
/// and one version is the primary.
#[derive(Debug)]
pub struct KeySet<'k, M> {
    keys: &'k [Key<M>],
    primary: &'k Key<M>,
}

// `Clone` and `Copy` are not derived, because derived implementations would require `M: Clone` and `M: Copy`.
impl<M> Clone for KeySet<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M> Copy for KeySet<'_, M> {}

/// The error returned for keys that do not form a valid set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeySetError {
    /// There are no keys.
    #[error("the key set is empty; add at least one version")]
    Empty,
    /// Two keys have this version.
    #[error("version {0} is given twice; versions must be unique")]
    DuplicateVersion(u32),
    /// No key has this version, which was selected as the primary.
    #[error("the primary version {0} is not among the versions; add it or select another")]
    PrimaryMissing(u32),
}

impl<'k, M> KeySet<'k, M> {
    /// Validates keys and creates a set.
    ///
    /// # Errors
    /// [`KeySetError`] with the violated rule and the version.
    pub fn new(keys: &'k [Key<M>], primary: u32) -> Result<Self, KeySetError> {
        if keys.is_empty() {
            return Err(KeySetError::Empty);
        }
        for (at, key) in keys.iter().enumerate() {
            if keys.iter().skip(at + 1).any(|other| other.version() == key.version()) {
                return Err(KeySetError::DuplicateVersion(key.version()));
            }
        }
        let primary =
            keys.iter().find(|key| key.version() == primary).ok_or(KeySetError::PrimaryMissing(primary))?;
        Ok(Self { keys, primary })
    }

    /// Creates a set from validated keys and the index of the primary.
    #[cfg(feature = "alloc")]
    pub(super) fn checked(keys: &'k [Key<M>], primary: usize) -> Option<Self> {
        keys.get(primary).map(|primary| Self { keys, primary })
    }

    /// Returns the primary key, which signs requests.
    #[must_use]
    pub const fn primary(&self) -> &'k Key<M> {
        self.primary
    }

    /// Returns the key with this version.
    #[must_use]
    pub fn version(&self, version: u32) -> Option<&'k Key<M>> {
        self.keys.iter().find(|key| key.version() == version)
    }

    /// Returns the keys to try if the request contains no key version, starting with the primary. At most
    /// [`MAX_TRIED`] keys are returned.
    pub fn tried(&self) -> impl Iterator<Item = &'k Key<M>> + Clone + use<'k, M> {
        let primary = self.primary;
        let others = self.keys.iter().filter(move |key| key.version() != primary.version());
        core::iter::once(primary).chain(others).take(MAX_TRIED)
    }

    /// Returns all keys, in the order in which they were passed to [`KeySet::new`].
    #[must_use]
    pub const fn keys(&self) -> &'k [Key<M>] {
        self.keys
    }
}
