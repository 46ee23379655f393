//! The modes of a running service, which can be replaced atomically.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use arc_swap::{ArcSwap, Guard};
use sealwire_core::{Counter, Mode, Modes};

use crate::config_error::{ConfigError, distinct_senders, sender_name};
use crate::process_lock::ProcessLock;

/// Modes that are shared by verifiers. They are read without a lock, and only for rejections.
#[derive(Debug, Default)]
pub struct SharedModes {
    now: ArcSwap<Modes>,
    /// Serialises changes.
    lock: ProcessLock,
    /// Whether every `enforce` is replaced by `observe`.
    observe_only: AtomicBool,
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
        self.lock.hold(|| self.put(modes))
    }

    /// Changes one of the modes, and returns the change, if there is one.
    ///
    /// # Errors
    /// The error of `change`; the modes are then unchanged.
    pub fn update(
        &self,
        change: impl FnOnce(&mut Modes) -> Result<(), ConfigError>,
    ) -> Result<Option<Change>, ConfigError> {
        self.lock.hold(|| {
            let mut modes = Modes::clone(&self.load());
            change(&mut modes).map(|()| self.put(modes))
        })
    }

    /// Sets the mode of one sender; `None` removes it, so that the sender has the mode of the service.
    ///
    /// # Errors
    /// [`ConfigError`] if the name is too long.
    pub fn set_sender(&self, name: &str, mode: Option<Mode>) -> Result<Option<Change>, ConfigError> {
        let own = sender_name("sender", name)?;
        self.update(|modes| {
            modes.senders.retain(|(held, _)| *held != own);
            modes.senders.extend(mode.map(|mode| (own, mode)));
            modes.senders.sort_by(|(one, _), (other, _)| one.as_str().cmp(other.as_str()));
            Ok(())
        })
    }

    /// Changes every `enforce` to `observe`, also after later replacements, as required by the environment of
    /// the process.
    pub fn observe_only(&self) {
        self.lock.hold(|| {
            self.observe_only.store(true, Ordering::Relaxed);
            let mut modes = Modes::clone(&self.load());
            modes.observe_only();
            self.now.store(Arc::new(modes));
        });
    }

    /// Returns the number of changes.
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
        advice: format!("mode {name:?} is not one of off, observe, enforce"),
    })
}
