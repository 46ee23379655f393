//! The modes of a running service, which can be replaced atomically.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Guard};
use sealwire_core::{Counter, Mode, Modes};

use crate::config_error::{ConfigError, distinct_senders, sender_name};
use crate::process_lock::ProcessLock;

/// Modes shared by several verifiers. A verifier reads them only when it rejects a request, and without
/// acquiring a lock.
#[derive(Debug, Default)]
pub struct SharedModes {
    now: ArcSwap<Modes>,
    /// Serialises changes to the modes.
    lock: ProcessLock,
    /// Whether `observe` is used wherever the configured mode is `enforce`.
    observe_only: AtomicBool,
    changes: Counter,
}

/// The modes in a configuration, by name.
#[derive(Clone, Debug, Default)]
pub struct ModesConfig {
    /// The mode of the service: `off`, `observe` or `enforce`. The default is `enforce`.
    pub mode: Option<String>,
    /// Senders and their modes. The mode for a sender overrides the mode of the service.
    pub senders: Vec<(String, String)>,
    /// Whether `observe` is used wherever the configured mode is `enforce`, including for individual senders.
    /// `HMAC_AUTH_ENABLED=false`, which is meant for rollbacks, sets this field.
    pub observe_only: bool,
}

/// The modes before and after a replacement.
pub type Change = (Arc<Modes>, Arc<Modes>);

impl SharedModes {
    /// Creates shared modes with the given initial modes.
    #[must_use]
    pub fn new(modes: Modes) -> Arc<Self> {
        Arc::new(Self { now: ArcSwap::from_pointee(modes), ..Self::default() })
    }

    /// Returns the current modes.
    #[must_use]
    pub fn load(&self) -> Guard<Arc<Modes>> {
        self.now.load()
    }

    /// Replaces all modes atomically. Returns the modes before and after the change, or `None` if nothing
    /// changed.
    pub fn replace(&self, modes: Modes) -> Option<Change> {
        self.lock.hold(|| self.put(modes))
    }

    /// Changes the modes by calling `change`. Returns the modes before and after the change, or `None` if
    /// nothing changed.
    ///
    /// # Errors
    /// The error returned by `change`. In this case the modes are not changed.
    pub fn update(
        &self,
        change: impl FnOnce(&mut Modes) -> Result<(), ConfigError>,
    ) -> Result<Option<Change>, ConfigError> {
        self.lock.hold(|| {
            let mut modes = Modes::clone(&self.load());
            change(&mut modes).map(|()| self.put(modes))
        })
    }

    /// Sets the mode for a sender. With `None`, the mode of the service applies to the sender again.
    ///
    /// # Errors
    /// [`ConfigError`] if the name is invalid.
    pub fn set_sender(&self, name: &str, mode: Option<Mode>) -> Result<Option<Change>, ConfigError> {
        let own = sender_name("sender", name)?;
        self.update(|modes| {
            modes.senders.retain(|(held, _)| *held != own);
            modes.senders.extend(mode.map(|mode| (own, mode)));
            modes.senders.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
            Ok(())
        })
    }

    /// From now on, uses `observe` wherever the configured mode is `enforce`, also after later changes of the
    /// modes. This implements the environment variable `HMAC_AUTH_ENABLED=false`.
    pub fn observe_only(&self) {
        self.lock.hold(|| {
            self.observe_only.store(true, Ordering::Relaxed);
            let mut modes = Modes::clone(&self.load());
            modes.observe_only();
            self.now.store(Arc::new(modes));
        });
    }

    /// Returns how often the modes were changed.
    #[must_use]
    pub fn changes(&self) -> usize {
        self.changes.total()
    }

    fn put(&self, mut modes: Modes) -> Option<Change> {
        if self.observe_only.load(Ordering::Relaxed) {
            modes.observe_only();
        }
        let after = Arc::new(modes);
        let before = self.now.swap(after.clone());
        if before == after {
            return None;
        }
        self.changes.count();
        Some((before, after))
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
        advice: format!("mode {:?} is not one of off, observe, enforce", crate::redact::shown(name)),
    })
}
