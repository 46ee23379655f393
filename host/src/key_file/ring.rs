//! Creates a key ring from a key file and the secrets to which its references were resolved.

use sealwire_core::keys::{
    KeyName, KeyRing, KeyRingBuilder, KeyRingError, KeyRingFault, KeySetError, Strength, Version,
};
use zeroize::Zeroizing;

use crate::ConfigError;
use crate::config_error::error;
use crate::key_file::{Entry, FileSecret, FileVersion, KeyFile, PRIMARY, Reference, Section, VERSIONS, read};
use crate::secret::{base64_secret, ring_error, text_secret};

/// A reference to be resolved by the binding.
#[derive(Clone, Debug)]
pub struct Lookup<'f> {
    /// The index of the entry in the file.
    pub entry: usize,
    /// The index of the version in its entry.
    pub version: usize,
    /// The name and version for error messages, such as `agent/practices version 2`.
    pub label: String,
    /// The reference to resolve.
    pub reference: &'f Reference,
}

/// A secret from a secret store.
#[derive(Clone)]
pub enum Resolved {
    /// The secret as text, which is Base64-encoded for a pair of services.
    Text(Zeroizing<String>),
    /// The bytes of the secret.
    Bytes(Zeroizing<Vec<u8>>),
}

impl core::fmt::Debug for Resolved {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Resolved(..)")
    }
}

impl KeyFile {
    /// Returns the references that the binding has to resolve.
    #[must_use]
    pub fn lookups(&self) -> Vec<Lookup<'_>> {
        let versions = self.entries.iter().enumerate().flat_map(|(at, entry)| {
            entry.versions.iter().enumerate().map(move |(place, version)| (at, entry, place, version))
        });
        let lookups = versions.filter_map(|(at, entry, place, version)| {
            let FileSecret::Reference(reference) = &version.secret else { return None };
            Some(Lookup { entry: at, version: place, label: place_of(entry, version), reference })
        });
        lookups.collect()
    }

    /// Creates a key ring. `resolved` contains the secrets for all references, in the order of
    /// [`KeyFile::lookups`].
    ///
    /// # Errors
    /// [`ConfigError`] with the name of the invalid entry. The error never contains a secret.
    pub fn ring(&self, resolved: Vec<Resolved>, allow_weak: bool) -> Result<KeyRing, ConfigError> {
        let weak = allow_weak || self.allow_weak;
        let mut builder = KeyRingBuilder::new(if weak { Strength::AllowWeak } else { Strength::Required });
        let mut resolved = resolved.into_iter();
        for entry in &self.entries {
            let mut secrets = Vec::with_capacity(entry.versions.len());
            for version in &entry.versions {
                secrets.push((version.number, bytes(entry, version, &mut resolved)?));
            }
            let versions: Vec<_> =
                secrets.iter().map(|(number, secret)| Version { number: *number, secret }).collect();
            let added = match entry.section {
                Section::Pairs => {
                    let (one, other) = read::services(&entry.name)?;
                    builder.add(KeyName::Pair(one, other), &versions, entry.primary)
                }
                Section::Clients => builder.add(KeyName::Client(&entry.name), &versions, entry.primary),
                Section::Issuer => builder.issuer(&versions, entry.primary),
            };
            added.map_err(|cause| self.named(cause))?;
        }
        Ok(builder.build())
    }

    /// Converts a key ring error. If the keys are part of a larger configuration file, the error contains the
    /// name of the invalid setting instead of an entry name, because the file has no entries.
    fn named(&self, cause: KeyRingError) -> ConfigError {
        let (Some(table), KeyRingFault::Set(fault)) = (&self.table, &cause.cause) else {
            return ring_error(cause);
        };
        let setting = if matches!(fault, KeySetError::PrimaryMissing(_)) { PRIMARY } else { VERSIONS };
        error(&format!("{table}.{setting}"), &fault.to_string())
    }

    /// Validates the names, versions and secrets in the file. A placeholder secret is used for each
    /// reference.
    ///
    /// # Errors
    /// [`ConfigError`] for the same errors as [`KeyFile::ring`].
    pub fn check(&self, allow_weak: bool) -> Result<KeyRing, ConfigError> {
        const STAND_IN: [u8; 32] = *b"\0\x01\x02\x03\x04\x05\x06\x07\x08\t\n\x0b\x0c\r\x0e\x0f\x10\x11\x12\x13\x14\x15\x16\x17\x18\x19\x1a\x1b\x1c\x1d\x1e\x1f";
        let stand_in = || Resolved::Bytes(Zeroizing::new(STAND_IN.to_vec()));
        self.ring(self.lookups().iter().map(|_| stand_in()).collect(), allow_weak)
    }
}

fn place_of(entry: &Entry, version: &FileVersion) -> String {
    format!("{} version {}", entry.label(), version.number)
}

fn bytes(
    entry: &Entry,
    version: &FileVersion,
    resolved: &mut impl Iterator<Item = Resolved>,
) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let place = place_of(entry, version);
    match &version.secret {
        FileSecret::Text(text) => decoded(entry, version, &place, text),
        FileSecret::Reference(_) => match resolved.next() {
            Some(Resolved::Text(text)) => decoded(entry, version, &place, &text),
            Some(Resolved::Bytes(bytes)) => Ok(bytes),
            None => Err(error(&place, "its reference was not resolved")),
        },
    }
}

fn decoded(
    entry: &Entry,
    version: &FileVersion,
    place: &str,
    text: &str,
) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    match entry.section {
        Section::Pairs => base64_secret(place, text),
        Section::Clients | Section::Issuer if version.raw => Ok(Zeroizing::new(text.as_bytes().to_vec())),
        Section::Clients | Section::Issuer => text_secret(place, text),
    }
}
