//! Key rings, which contain the secrets of a service.

use std::sync::Arc;

use sealwire_core::keys::{KeyName, KeyRingBuilder as CoreBuilder, KeyStatus, Strength, Version};
use sealwire_host::{ConfigError, SharedRing, ring_from_env, secret};
use zeroize::Zeroizing;

/// The secrets of a service. Clones share the same key ring, so [`KeyRing::replace`] affects all signers and
/// verifiers that use it.
///
/// ```
/// use sealwire::{KeyRing, KeySet};
///
/// let versions = KeySet::new(1, b"the first secret, 32 bytes or so").version(2, b"the second secret, 32 bytes long").primary(2);
/// let keys = KeyRing::builder().pair("agent", "practices", versions).build()?;
/// assert!(keys.status().iter().any(|key| key.version == 2 && key.primary));
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyRing(pub(crate) Arc<SharedRing>);

impl KeyRing {
    /// Returns a builder without keys.
    #[must_use]
    pub fn builder() -> KeyRingBuilder {
        KeyRingBuilder::default()
    }

    /// Reads the pair keys of `service` from the environment. The variable `HMAC_SECRET_<A>_<B>` contains a
    /// secret. Variables with the suffix `_V<n>` contain further versions, and `HMAC_PRIMARY_<A>_<B>`
    /// selects the primary version.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the invalid variable.
    pub fn from_env(service: &str) -> Result<Self, ConfigError> {
        Self::from_variables(std::env::vars_os().map(utf8), service)
    }

    /// Reads the pair keys of `service` from `variables` instead of the environment.
    ///
    /// ```
    /// let secret = "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=";
    /// let variables = [("HMAC_SECRET_AGENT_PRACTICES".to_owned(), secret.to_owned())];
    /// let keys = sealwire::KeyRing::from_variables(variables, "agent")?;
    /// assert_eq!(keys.status()[0].name, "agent/practices");
    /// # Ok::<(), sealwire::ConfigError>(())
    /// ```
    ///
    /// # Errors
    /// Returns a [`ConfigError`], like [`KeyRing::from_env`].
    pub fn from_variables(
        variables: impl IntoIterator<Item = (String, String)>,
        service: &str,
    ) -> Result<Self, ConfigError> {
        ring_from_env(variables, service, Strength::Required).map(Self::from_core)
    }

    /// Replaces all keys atomically with the keys of `fresh`. A key version that is in both key rings keeps
    /// its usage counts.
    ///
    /// ```
    /// use sealwire::{KeyRing, KeySet};
    ///
    /// let ring = |version| {
    ///     let keys = KeySet::new(version, b"32 bytes or more, of a CSPRNG's.");
    ///     KeyRing::builder().client("billing", keys).build()
    /// };
    /// let keys = ring(1)?;
    /// keys.replace(&ring(2)?);
    /// assert_eq!(keys.status()[0].version, 2);
    /// # Ok::<(), sealwire::ConfigError>(())
    /// ```
    pub fn replace(&self, fresh: &Self) {
        self.0.replace_with(&fresh.0);
    }

    /// Returns the usage counts of each key version, for metrics and status reports.
    #[must_use]
    pub fn status(&self) -> Vec<KeyStatus> {
        self.0.status()
    }

    pub(crate) fn from_core(ring: sealwire_core::keys::KeyRing) -> Self {
        Self(SharedRing::new(ring))
    }
}

/// Creates a key ring from a key ring of `sealwire-core`.
impl From<sealwire_core::keys::KeyRing> for KeyRing {
    fn from(ring: sealwire_core::keys::KeyRing) -> Self {
        Self::from_core(ring)
    }
}

/// Returns a variable. Bytes that are not valid UTF-8 are replaced, so such a secret is rejected because it is
/// not Base64.
fn utf8((name, value): (std::ffi::OsString, std::ffi::OsString)) -> (String, String) {
    (name.to_string_lossy().into_owned(), value.to_string_lossy().into_owned())
}

/// The versions of a secret. The first version is the primary, unless [`KeySet::primary`] selects another.
///
/// ```
/// use sealwire::KeySet;
///
/// let set = KeySet::base64(1, "MDEyMzQ1Njc4OWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=").version(2, b"32 bytes or more, of a CSPRNG's.");
/// assert_eq!(format!("{set:?}"), "KeySet { versions: [1, 2], primary: 1 }");
/// ```
#[derive(Clone)]
pub struct KeySet {
    versions: Vec<(u32, Secret)>,
    primary: u32,
}

/// A version number and the decoded secret of that version.
type Decoded = (u32, Zeroizing<Vec<u8>>);

#[derive(Clone)]
enum Secret {
    Bytes(Zeroizing<Vec<u8>>),
    Base64(Zeroizing<String>),
}

impl KeySet {
    /// Creates a set with one version. `secret` consists of at least 32 bytes.
    #[must_use]
    pub fn new(version: u32, secret: impl AsRef<[u8]>) -> Self {
        Self { versions: Vec::new(), primary: version }.version(version, secret)
    }

    /// Creates a set with one version. `secret` is padded standard Base64.
    #[must_use]
    pub fn base64(version: u32, secret: &str) -> Self {
        Self { versions: Vec::new(), primary: version }.version_base64(version, secret)
    }

    /// Adds a version. `secret` consists of at least 32 bytes.
    #[must_use]
    pub fn version(mut self, version: u32, secret: impl AsRef<[u8]>) -> Self {
        self.versions.push((version, Secret::Bytes(Zeroizing::new(secret.as_ref().to_vec()))));
        self
    }

    /// Adds a version. `secret` is padded standard Base64.
    #[must_use]
    pub fn version_base64(mut self, version: u32, secret: &str) -> Self {
        self.versions.push((version, Secret::Base64(Zeroizing::new(secret.to_owned()))));
        self
    }

    /// Selects the primary version. Signers use the primary version.
    #[must_use]
    pub fn primary(self, version: u32) -> Self {
        Self { primary: version, ..self }
    }

    /// Decodes the secrets. Error messages use `entry` as the name of the set.
    fn decoded(&self, entry: &str) -> Result<Vec<Decoded>, ConfigError> {
        let decode = |(version, secret): &(u32, Secret)| {
            let bytes = match secret {
                Secret::Bytes(bytes) => bytes.clone(),
                Secret::Base64(text) => secret::base64_secret(&format!("{entry} version {version}"), text)?,
            };
            Ok((*version, bytes))
        };
        self.versions.iter().map(decode).collect()
    }
}

impl std::fmt::Debug for KeySet {
    /// Shows the versions, but no secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let versions: Vec<_> = self.versions.iter().map(|(version, _)| version).collect();
        f.debug_struct("KeySet").field("versions", &versions).field("primary", &self.primary).finish()
    }
}

/// Collects keys for a [`KeyRing`]. [`KeyRingBuilder::build`] validates them.
///
/// ```
/// use sealwire::{KeyRing, KeySet};
///
/// let weak = KeyRing::builder().client("billing", KeySet::new(1, b"short")).build();
/// assert!(weak.unwrap_err().to_string().starts_with("key ring entry billing: "));
/// ```
#[derive(Debug, Default)]
pub struct KeyRingBuilder {
    entries: Vec<(Owner, KeySet)>,
    allow_weak: bool,
}

#[derive(Debug)]
enum Owner {
    Pair(String, String),
    Client(String),
    Issuer,
}

impl KeyRingBuilder {
    /// Adds the key that two services share. The order of the services does not matter.
    #[must_use]
    pub fn pair(self, one: &str, other: &str, keys: KeySet) -> Self {
        self.with(Owner::Pair(one.into(), other.into()), keys)
    }

    /// Adds the key of a client.
    #[must_use]
    pub fn client(self, id: &str, keys: KeySet) -> Self {
        self.with(Owner::Client(id.into()), keys)
    }

    /// Sets the keys that sign connection strings.
    #[must_use]
    pub fn issuer(self, keys: KeySet) -> Self {
        self.with(Owner::Issuer, keys)
    }

    /// Accepts secrets with fewer than 32 bytes, for systems whose existing secrets are not yet rotated.
    #[must_use]
    pub fn allow_weak(self) -> Self {
        Self { allow_weak: true, ..self }
    }

    /// Validates the keys and returns the key ring.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the invalid entry and the violated rule.
    pub fn build(self) -> Result<KeyRing, ConfigError> {
        let mut ring =
            CoreBuilder::new(if self.allow_weak { Strength::AllowWeak } else { Strength::Required });
        for (owner, keys) in &self.entries {
            let secrets = keys.decoded(&owner.label())?;
            let versions: Vec<_> =
                secrets.iter().map(|(number, secret)| Version { number: *number, secret }).collect();
            match owner {
                Owner::Pair(one, other) => ring.add(KeyName::Pair(one, other), &versions, keys.primary),
                Owner::Client(id) => ring.add(KeyName::Client(id), &versions, keys.primary),
                Owner::Issuer => ring.issuer(&versions, keys.primary),
            }
            .map_err(secret::ring_error)?;
        }
        Ok(KeyRing::from_core(ring.build()))
    }

    fn with(mut self, owner: Owner, keys: KeySet) -> Self {
        self.entries.push((owner, keys));
        self
    }
}

impl Owner {
    fn label(&self) -> String {
        match self {
            Self::Pair(one, other) => sealwire_host::redact::shown(&format!("{one}/{other}")),
            Self::Client(id) => sealwire_host::redact::shown(id),
            Self::Issuer => "issuer".into(),
        }
    }
}
