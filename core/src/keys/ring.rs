//! A key ring, which stores validated key sets on the heap.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::key::Key;
use super::key_set::{KeySet, KeySetError};
use super::secret::{SecretError, Strength};
use super::source::{KeyName, KeySource, several_senders, variable_name};
use crate::bytes::frames;
use crate::mac::Keyed;
use crate::mac::sha256::HmacSha256;
use crate::mac::sha512::HmacSha512;
use crate::wire::grammar;

/// A collection of validated key sets, which are found by name. A ring is immutable, so key rotation replaces
/// it with a new ring.
#[derive(Debug, Default)]
pub struct KeyRing {
    /// The entries, sorted by name for binary search.
    entries: Vec<Entry>,
    issuer: Option<OwnedSet<HmacSha512>>,
}

/// A version of a secret before it is validated.
#[derive(Clone, Copy)]
pub struct Version<'s> {
    /// The version number, which must be unique in the set.
    pub number: u32,
    /// The decoded bytes of the secret.
    pub secret: &'s [u8],
}

impl core::fmt::Debug for Version<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Version({}, ..)", self.number)
    }
}

/// The usage of a key version, for status reports and metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStatus {
    /// The name of the entry, which is a pair such as `agent/practices`, a client id, or `issuer`.
    pub name: String,
    /// The version.
    pub version: u32,
    /// Whether this version is the primary, which signs requests.
    pub primary: bool,
    /// The number of requests that were accepted with this version.
    pub accepted: usize,
    /// The Unix time in seconds of the last accepted request.
    pub last_accepted_s: Option<u32>,
}

/// The error returned for a rejected key ring entry. The error contains the name of the entry, but never the
/// secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("key ring entry {entry}: {cause}")]
pub struct KeyRingError {
    /// The name of the entry, which is a pair such as `agent/practices`, a client id, or `issuer`.
    pub entry: String,
    /// The rule that the entry violates.
    pub cause: KeyRingFault,
}

/// A problem with a key ring entry.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyRingFault {
    /// The name is not a valid service name or client id.
    #[error(
        "the name is not valid; services are 1 to 64 of A-Z a-z 0-9 _ -, client ids 1 to 128 visible ASCII \
         characters other than : , \" and backslash"
    )]
    Name,
    /// The entry is repeated.
    #[error("it is given twice; put all its versions in one entry")]
    Twice,
    /// Another entry has the same canonical name. For example, `agent` and `agent_service` have the same
    /// canonical name. The value is the name of that entry.
    #[error("{0} is the same name without or with the suffix _service; keep one of the two entries")]
    SameName(String),
    /// Another entry has the same environment variable. For example, the pairs `a_b/c` and `a/b_c` have the
    /// same variable. The value is the name of that entry.
    #[error("its environment variable is also that of {0}; rename one of the services")]
    Clash(String),
    /// The secret of this version is invalid.
    #[error("version {0}: {1}")]
    Secret(u32, SecretError),
    /// The versions do not form a valid set.
    #[error("{0}")]
    Set(KeySetError),
}

/// Collects and validates key ring entries.
#[derive(Debug, Default)]
pub struct KeyRingBuilder {
    ring: KeyRing,
    strength: Strength,
}

impl KeyRingBuilder {
    /// Creates an empty builder that validates secrets with `strength`.
    #[must_use]
    pub fn new(strength: Strength) -> Self {
        Self { ring: KeyRing::default(), strength }
    }

    /// Adds a key set.
    ///
    /// # Errors
    /// [`KeyRingError`] with the entry and the violated rule.
    pub fn add(
        &mut self,
        name: KeyName<'_>,
        versions: &[Version<'_>],
        primary: u32,
    ) -> Result<&mut Self, KeyRingError> {
        let error = |cause| KeyRingError { entry: entry_name(name), cause };
        if !valid(name) {
            return Err(error(KeyRingFault::Name));
        }
        let place = match self.ring.place(name) {
            Ok(place) => return Err(error(self.ring.repeated(place, name))),
            Err(place) => place,
        };
        if let Some(other) = self.ring.clash(name) {
            return Err(error(KeyRingFault::Clash(other)));
        }
        let set = frames::wiped::<{ frames::RING }, _>(|| OwnedSet::new(versions, primary, self.strength))
            .map_err(error)?;
        let variable = variable(name).map(String::into_boxed_str);
        let given = entry_name(name).into_boxed_str();
        self.ring.entries.insert(place, Entry { name: OwnedName::new(name), given, variable, set });
        Ok(self)
    }

    /// Sets the keys that sign connection strings.
    ///
    /// # Errors
    /// [`KeyRingError`] with the violated rule.
    pub fn issuer(&mut self, versions: &[Version<'_>], primary: u32) -> Result<&mut Self, KeyRingError> {
        let error = |cause| KeyRingError { entry: String::from("issuer"), cause };
        if self.ring.issuer.is_some() {
            return Err(error(KeyRingFault::Twice));
        }
        let set = frames::wiped::<{ frames::RING }, _>(|| OwnedSet::new(versions, primary, self.strength))
            .map_err(error)?;
        self.ring.issuer = Some(set);
        Ok(self)
    }

    /// Returns the key ring.
    #[must_use]
    pub fn build(self) -> KeyRing {
        self.ring
    }
}

impl KeyRing {
    /// Adds the usage counts of `before`, which is the replaced ring, to the versions that both rings
    /// contain.
    pub fn carry_over(&self, before: &Self) {
        for entry in &self.entries {
            if let Ok(place) = before.place(entry.name.view())
                && let Some(old) = before.entries.get(place)
            {
                entry.set.carry_over(&old.set);
            }
        }
        if let (Some(new), Some(old)) = (&self.issuer, &before.issuer) {
            new.carry_over(old);
        }
    }

    /// Returns the usage of all key versions.
    pub fn status(&self) -> impl Iterator<Item = KeyStatus> {
        let issuer = self.issuer.iter().flat_map(|set| set.status("issuer"));
        self.entries.iter().flat_map(|entry| entry.set.status(&entry_name(entry.name.view()))).chain(issuer)
    }

    /// Returns the canonical names of the key sets that sign requests.
    pub fn names(&self) -> impl Iterator<Item = KeyName<'_>> {
        self.entries.iter().map(|entry| entry.name.view())
    }

    /// Returns the number of key sets.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() + usize::from(self.issuer.is_some())
    }

    /// Returns `true` if the ring contains client keys but no pair keys.
    #[must_use]
    pub fn has_only_clients(&self) -> bool {
        !self.entries.is_empty()
            && self.entries.iter().all(|entry| matches!(entry.name.view(), KeyName::Client(_)))
    }

    /// Returns `true` if the ring contains client keys.
    #[must_use]
    pub fn has_clients(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.name.view(), KeyName::Client(_)))
    }

    /// Returns `true` if the ring contains no key sets.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn place(&self, name: KeyName<'_>) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.name.order().cmp(&order(name)))
    }

    /// Returns the fault for a name with the same canonical form as the entry at `place`.
    fn repeated(&self, place: usize, name: KeyName<'_>) -> KeyRingFault {
        let given = self.entries.get(place).map(|entry| &*entry.given);
        match given.filter(|given| **given != entry_name(name)) {
            Some(given) => KeyRingFault::SameName(given.into()),
            None => KeyRingFault::Twice,
        }
    }

    /// Returns an existing entry that has the same environment variable.
    fn clash(&self, name: KeyName<'_>) -> Option<String> {
        let wanted = variable(name)?;
        let found = self.entries.iter().find(|entry| entry.variable.as_deref() == Some(&*wanted));
        found.map(|entry| String::from(&*entry.given))
    }
}

impl KeySource for KeyRing {
    fn find(&self, name: KeyName<'_>) -> Option<KeySet<'_, HmacSha256>> {
        self.place(name).ok().and_then(|place| self.entries.get(place)).and_then(|entry| entry.set.view())
    }

    fn has_several_senders(&self, service: &str) -> bool {
        several_senders(self.entries.iter().map(|entry| entry.name.view()), service)
    }

    fn issuer(&self) -> Option<KeySet<'_, HmacSha512>> {
        self.issuer.as_ref().and_then(OwnedSet::view)
    }
}

#[derive(Debug)]
struct Entry {
    /// The canonical name.
    name: OwnedName,
    /// The name as configured, for error messages.
    given: Box<str>,
    /// The environment variable of the pair. `None` for a client.
    variable: Option<Box<str>>,
    set: OwnedSet<HmacSha256>,
}

/// A canonical client id, or a canonical pair in sorted order.
#[derive(Debug)]
struct OwnedName(Box<str>, Option<Box<str>>);

impl OwnedName {
    fn new(name: KeyName<'_>) -> Self {
        let (first, second) = order(name);
        Self(first.into(), second.map(Into::into))
    }

    fn order(&self) -> (&str, Option<&str>) {
        (&self.0, self.1.as_deref())
    }

    fn view(&self) -> KeyName<'_> {
        match self.order() {
            (first, Some(second)) => KeyName::Pair(first, second),
            (id, None) => KeyName::Client(id),
        }
    }
}

fn order(name: KeyName<'_>) -> (&str, Option<&str>) {
    match name.canonical() {
        KeyName::Pair(one, other) => (one, Some(other)),
        KeyName::Client(id) => (id, None),
    }
}

#[derive(Debug)]
struct OwnedSet<M> {
    keys: Box<[Key<M>]>,
    primary: usize,
}

impl<M> Drop for OwnedSet<M> {
    fn drop(&mut self) {
        // Keys are wiped on drop. The call below also wipes key data that is still on the stack.
        frames::overwrite::<{ frames::RING }>();
    }
}

impl<M: Keyed> OwnedSet<M> {
    fn new(versions: &[Version<'_>], primary: u32, strength: Strength) -> Result<Self, KeyRingFault> {
        // The vector is allocated with the full capacity, because a reallocation would leave a copy of the
        // keys in freed memory.
        let mut keys = Vec::with_capacity(versions.len());
        for version in versions {
            let key = Key::new(version.number, version.secret, strength).map(Key::sharded);
            keys.push(key.map_err(|cause| KeyRingFault::Secret(version.number, cause))?);
        }
        let keys = keys.into_boxed_slice();
        KeySet::new(&keys, primary).map_err(KeyRingFault::Set)?;
        let primary = keys.iter().position(|key| key.version() == primary).unwrap_or_default();
        Ok(Self { keys, primary })
    }
}

impl<M> OwnedSet<M> {
    fn view(&self) -> Option<KeySet<'_, M>> {
        KeySet::checked(&self.keys, self.primary)
    }

    fn carry_over(&self, before: &Self) {
        for key in &self.keys {
            if let Some(old) = before.keys.iter().find(|old| old.version() == key.version()) {
                key.usage().carry_over(old.usage());
            }
        }
    }

    fn status(&self, name: &str) -> impl Iterator<Item = KeyStatus> + use<M> {
        let primary = self.primary;
        let status = |(at, key): (usize, &Key<M>)| KeyStatus {
            name: name.into(),
            version: key.version(),
            primary: at == primary,
            accepted: key.usage().accepted(),
            last_accepted_s: key.usage().last_accepted_s(),
        };
        self.keys.iter().enumerate().map(status).collect::<Vec<_>>().into_iter()
    }
}

fn valid(name: KeyName<'_>) -> bool {
    match name {
        KeyName::Pair(one, other) => {
            grammar::is_service_name(one.as_bytes())
                && grammar::is_service_name(other.as_bytes())
                && grammar::canonical_name(one) != grammar::canonical_name(other)
        }
        KeyName::Client(id) => grammar::is_client_id(id.as_bytes()),
    }
}

fn variable(name: KeyName<'_>) -> Option<String> {
    let KeyName::Pair(one, other) = name else { return None };
    let mut variable = String::new();
    variable_name(one, other, |piece| variable.push_str(&piece.to_ascii_uppercase().replace('-', "_")));
    Some(variable)
}

fn entry_name(name: KeyName<'_>) -> String {
    match name {
        KeyName::Pair(one, other) if one <= other => format!("{one}/{other}"),
        KeyName::Pair(one, other) => format!("{other}/{one}"),
        KeyName::Client(id) => id.into(),
    }
}
