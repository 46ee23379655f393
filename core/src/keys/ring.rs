//! The ring on the heap: key sets by name, validated as a whole, then immutable.

use alloc::boxed::Box;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::frames;
use super::key::Key;
use super::key_set::{KeySet, KeySetError};
use super::secret::{SecretError, Strength};
use super::source::{KeyName, KeySource, several_senders, variable_name};
use crate::mac::Keyed;
use crate::mac::sha256::HmacSha256;
use crate::mac::sha512::HmacSha512;
use crate::wire::grammar;

/// Key sets by name. Immutable: rotation replaces the ring as a whole.
#[derive(Debug, Default)]
pub struct KeyRing {
    /// Sorted by name, for binary search.
    entries: Vec<Entry>,
    issuer: Option<OwnedSet<HmacSha512>>,
}

/// One version of a secret, before it becomes a key.
#[derive(Clone, Copy)]
pub struct Version<'s> {
    /// The version's number, unique in its set.
    pub number: u32,
    /// The secret's bytes, already decoded.
    pub secret: &'s [u8],
}

impl core::fmt::Debug for Version<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Version({}, ..)", self.number)
    }
}

/// How one key version has been used, for status reports and metrics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyStatus {
    /// The entry: `agent/practices`, a client id, or `issuer`.
    pub name: String,
    /// The version.
    pub version: u32,
    /// Whether it is the one that signs.
    pub primary: bool,
    /// Requests accepted under it.
    pub accepted: usize,
    /// When the last one was, Unix seconds.
    pub last_accepted_s: Option<u32>,
}

/// Why a ring was refused; names the entry, never the secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRingError {
    /// The entry: `agent/practices`, a client id, or `issuer`.
    pub entry: String,
    /// The problem.
    pub cause: KeyRingFault,
}

/// A problem with an entry of a key ring.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeyRingFault {
    /// The name is not of the grammar for service names or client ids.
    Name,
    /// The entry is given twice.
    Twice,
    /// Another entry, named here, has the same canonical name (`agent` and `agent_service`).
    SameName(String),
    /// Another entry, named here, has the same environment variable (`a_b`+`c` and `a`+`b_c`).
    Clash(String),
    /// The secret of this version was refused.
    Secret(u32, SecretError),
    /// The versions do not make a set.
    Set(KeySetError),
}

impl core::fmt::Display for KeyRingError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "key ring entry {}: ", self.entry)?;
        match &self.cause {
            KeyRingFault::Name => f.write_str(
                "the name is not valid; services are 1 to 64 of A-Z a-z 0-9 _ -, client ids 1 to 128 visible ASCII \
                 characters other than : , \" and backslash",
            ),
            KeyRingFault::Twice => f.write_str("it is given twice; give all its versions in one entry"),
            KeyRingFault::SameName(other) => {
                write!(f, "{other} is another name of it, without or with the suffix _service; keep one of the two entries")
            }
            KeyRingFault::Clash(other) => {
                write!(f, "its environment variable is also that of {other}; rename one of the services")
            }
            KeyRingFault::Secret(version, cause) => write!(f, "version {version}: {cause}"),
            KeyRingFault::Set(cause) => write!(f, "{cause}"),
        }
    }
}

impl core::error::Error for KeyRingError {}

/// Gathers and checks entries.
#[derive(Debug, Default)]
pub struct KeyRingBuilder {
    ring: KeyRing,
    strength: Strength,
}

impl KeyRingBuilder {
    /// Returns an empty builder that requires `strength` of secrets.
    #[must_use]
    pub fn new(strength: Strength) -> Self {
        Self { ring: KeyRing::default(), strength }
    }

    /// Adds a key set.
    ///
    /// # Errors
    /// [`KeyRingError`] names the entry and the rule it breaks.
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
        let set = frames::wiped(|| OwnedSet::new(versions, primary, self.strength)).map_err(error)?;
        let variable = variable(name).map(String::into_boxed_str);
        let given = entry_name(name).into_boxed_str();
        self.ring.entries.insert(place, Entry { name: OwnedName::new(name), given, variable, set });
        Ok(self)
    }

    /// Sets the keys that sign connection strings.
    ///
    /// # Errors
    /// [`KeyRingError`] names the rule the set breaks.
    pub fn issuer(&mut self, versions: &[Version<'_>], primary: u32) -> Result<&mut Self, KeyRingError> {
        let error = |cause| KeyRingError { entry: String::from("issuer"), cause };
        if self.ring.issuer.is_some() {
            return Err(error(KeyRingFault::Twice));
        }
        let set = frames::wiped(|| OwnedSet::new(versions, primary, self.strength)).map_err(error)?;
        self.ring.issuer = Some(set);
        Ok(self)
    }

    /// The ring.
    #[must_use]
    pub fn build(self) -> KeyRing {
        self.ring
    }
}

impl KeyRing {
    /// Takes over the use counts of the versions that were in the ring this one replaces.
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

    /// Every key version's use.
    pub fn status(&self) -> impl Iterator<Item = KeyStatus> {
        let issuer = self.issuer.iter().flat_map(|set| set.status("issuer"));
        self.entries.iter().flat_map(|entry| entry.set.status(&entry_name(entry.name.view()))).chain(issuer)
    }

    /// How many key sets there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len() + usize::from(self.issuer.is_some())
    }

    /// Whether there are key sets of clients, and none of pairs.
    #[must_use]
    pub fn has_only_clients(&self) -> bool {
        !self.entries.is_empty()
            && self.entries.iter().all(|entry| matches!(entry.name.view(), KeyName::Client(_)))
    }

    /// Whether there are key sets of clients.
    #[must_use]
    pub fn has_clients(&self) -> bool {
        self.entries.iter().any(|entry| matches!(entry.name.view(), KeyName::Client(_)))
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn place(&self, name: KeyName<'_>) -> Result<usize, usize> {
        self.entries.binary_search_by(|entry| entry.name.order().cmp(&order(name)))
    }

    /// The problem with a name whose canonical form is that of the entry at `place`.
    fn repeated(&self, place: usize, name: KeyName<'_>) -> KeyRingFault {
        let given = self.entries.get(place).map(|entry| &*entry.given);
        match given.filter(|given| **given != entry_name(name)) {
            Some(given) => KeyRingFault::SameName(given.into()),
            None => KeyRingFault::Twice,
        }
    }

    /// The entry whose environment variable this pair would share.
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
    /// Canonical.
    name: OwnedName,
    /// The entry as given, for errors.
    given: Box<str>,
    /// The environment variable of the names as given; `None` for a client.
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
        // The keys wipe themselves; this is for what using them left on the stack.
        frames::overwrite();
    }
}

impl<M: Keyed> OwnedSet<M> {
    fn new(versions: &[Version<'_>], primary: u32, strength: Strength) -> Result<Self, KeyRingFault> {
        // Allocated at full size, because a growing vector moves and leaves its old contents in memory.
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
