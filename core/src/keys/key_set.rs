//! Versions of one secret, one of them primary.

use super::key::Key;

/// How many keys a verifier tries where the wire names no version.
pub const MAX_TRIED: usize = 8;

/// A view of versions of one secret: not empty, versions unique, primary present. Checked when made.
#[derive(Debug)]
pub struct KeySet<'k, M> {
    keys: &'k [Key<M>],
    primary: &'k Key<M>,
}

// Not derived, because a view is `Copy` for any key type.
impl<M> Clone for KeySet<'_, M> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<M> Copy for KeySet<'_, M> {}

/// Why keys do not make a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeySetError {
    /// There are no keys.
    Empty,
    /// Two keys share this version.
    DuplicateVersion(u32),
    /// No key has this version, which was named primary.
    PrimaryMissing(u32),
}

impl core::fmt::Display for KeySetError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Empty => f.write_str("the key set is empty; give it at least one version"),
            Self::DuplicateVersion(version) => {
                write!(f, "version {version} is given twice; versions must be unique")
            }
            Self::PrimaryMissing(version) => {
                write!(f, "the primary version {version} is not among the versions; add it or name another")
            }
        }
    }
}

impl core::error::Error for KeySetError {}

impl<'k, M> KeySet<'k, M> {
    /// Gathers keys.
    ///
    /// # Errors
    /// [`KeySetError`] names the rule that is broken, and the version.
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

    /// A view of keys that were checked before, the primary by its place.
    #[cfg(feature = "alloc")]
    pub(super) fn checked(keys: &'k [Key<M>], primary: usize) -> Option<Self> {
        keys.get(primary).map(|primary| Self { keys, primary })
    }

    /// The key that signs.
    #[must_use]
    pub const fn primary(&self) -> &'k Key<M> {
        self.primary
    }

    /// The key of this version.
    #[must_use]
    pub fn version(&self, version: u32) -> Option<&'k Key<M>> {
        self.keys.iter().find(|key| key.version() == version)
    }

    /// The keys to try where the wire names no version: the primary, then the others, [`MAX_TRIED`] at most.
    pub fn tried(&self) -> impl Iterator<Item = &'k Key<M>> + Clone + use<'k, M> {
        let primary = self.primary;
        let others = self.keys.iter().filter(move |key| key.version() != primary.version());
        core::iter::once(primary).chain(others).take(MAX_TRIED)
    }

    /// Every key, in the order given.
    #[must_use]
    pub const fn keys(&self) -> &'k [Key<M>] {
        self.keys
    }
}
