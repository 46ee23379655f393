//! The modes of a running service, replaced as a whole while requests run.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use sealwire_core::{Counter, Mode, Modes};

use crate::config_error::{ConfigError, distinct_senders, sender_name};

/// Modes that verifiers share. Only a rejection reads them, without a lock, so that what passes pays nothing for them.
#[derive(Debug, Default)]
pub struct SharedModes {
    now: ArcSwap<Modes>,
    /// Whether the modes are limited to observing. The lock serialises changes.
    observe_only: Mutex<bool>,
    changes: Counter,
}

/// Modes as names.
#[derive(Clone, Debug, Default)]
pub struct ModesConfig {
    /// `off`, `observe` or `enforce`; the default is `enforce`.
    pub mode: Option<String>,
    /// Names of senders, each with a mode that replaces that of the service.
    pub senders: Vec<(String, String)>,
    /// Whether every `enforce`, the senders' own included, becomes `observe`: the rollback of `HMAC_AUTH_ENABLED=false`.
    pub observe_only: bool,
}

/// Modes before and after a replacement.
pub type Change = (Arc<Modes>, Arc<Modes>);

impl SharedModes {
    /// Shares modes.
    #[must_use]
    pub fn new(modes: Modes) -> Arc<Self> {
        Arc::new(Self { now: ArcSwap::from_pointee(modes), ..Self::default() })
    }

    /// Returns the current modes.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<Modes>> {
        self.now.load()
    }

    /// Replaces all modes atomically, and returns the change, if there is one.
    pub fn replace(&self, modes: Modes) -> Option<Change> {
        let held = self.held();
        let change = self.put(modes, *held);
        if change.is_some() {
            self.changes.count();
        }
        change
    }

    /// Limits these modes, also after a replacement, to observing, because the environment of the process
    /// requires it.
    pub fn observe_only(&self) {
        let mut held = self.held();
        *held = true;
        self.put(Modes::clone(&self.load()), true);
    }

    /// The number of changes.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes.total()
    }

    fn put(&self, mut modes: Modes, observe_only: bool) -> Option<Change> {
        if observe_only {
            modes.observe_only();
        }
        let after = Arc::new(modes);
        let before = self.now.swap(after.clone());
        (before != after).then_some((before, after))
    }

    fn held(&self) -> MutexGuard<'_, bool> {
        self.observe_only.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl ModesConfig {
    /// The modes it describes.
    ///
    /// # Errors
    /// [`ConfigError`] names the first setting that makes no sense.
    pub fn into_modes(self) -> Result<Modes, ConfigError> {
        let mut modes = Modes { service: mode("mode", self.mode.as_deref())?, ..Modes::default() };
        for (name, word) in &self.senders {
            let entry = format!("senders.{name}");
            modes.senders.push((sender_name(&entry, name)?, mode(&entry, Some(word))?));
        }
        distinct_senders(self.senders.iter().map(|(name, _)| name.as_str()))?;
        modes.senders.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
        if self.observe_only {
            modes.observe_only();
        }
        Ok(modes)
    }
}

fn mode(entry: &str, name: Option<&str>) -> Result<Mode, ConfigError> {
    let Some(name) = name else { return Ok(Mode::default()) };
    Mode::from_name(name).ok_or_else(|| ConfigError {
        entry: entry.into(),
        advice: format!("mode {name:?} is not one of off, observe, enforce"),
    })
}
