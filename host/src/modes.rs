//! The modes of a running service, which can be replaced atomically.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use arc_swap::{ArcSwap, Guard};
use sealwire_core::{Counter, Mode, Modes};

use crate::config_error::{ConfigError, distinct_senders, sender_name};

/// Modes that are shared by verifiers. They are read without a lock, and only for rejections.
#[derive(Debug, Default)]
pub struct SharedModes {
    now: ArcSwap<Modes>,
    /// Whether every `enforce` is replaced by `observe`. The lock serialises changes.
    observe_only: Mutex<bool>,
    changes: Counter,
}

/// Modes as names.
#[derive(Clone, Debug, Default)]
pub struct ModesConfig {
    /// The mode of the service: `off`, `observe` or `enforce`. The default is `enforce`.
    pub mode: Option<String>,
    /// The names of senders with their modes, which replace the mode of the service.
    pub senders: Vec<(String, String)>,
    /// Whether every `enforce`, including those of senders, becomes `observe`. Used for a rollback with
    /// `HMAC_AUTH_ENABLED=false`.
    pub observe_only: bool,
}

/// The modes before and after a replacement.
pub type Change = (Arc<Modes>, Arc<Modes>);

impl SharedModes {
    /// Creates shared modes.
    #[must_use]
    pub fn new(modes: Modes) -> Arc<Self> {
        Arc::new(Self { now: ArcSwap::from_pointee(modes), ..Self::default() })
    }

    /// Returns the current modes.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<Modes>> {
        self.now.load()
    }

    /// Replaces all modes atomically. Returns the modes before and after, if they differ.
    pub fn replace(&self, modes: Modes) -> Option<Change> {
        let held = self.held();
        let change = self.put(modes, *held);
        if change.is_some() {
            self.changes.count();
        }
        change
    }

    /// Changes every `enforce` to `observe`, also after later replacements, as required by the environment of
    /// the process.
    pub fn observe_only(&self) {
        let mut held = self.held();
        *held = true;
        self.put(Modes::clone(&self.load()), true);
    }

    /// Returns the number of changes.
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
    /// Converts the settings to modes.
    ///
    /// # Errors
    /// [`ConfigError`] for the first invalid setting.
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
