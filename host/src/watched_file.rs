//! A key file or mode file that a running service reloads when the file changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use arc_swap::ArcSwap;

use crate::ConfigError;
use crate::file_state::FileState;
use crate::process_lock::ProcessLock;

/// A watched file, with its properties at the time of the last load and its reload counters.
#[derive(Debug)]
pub struct WatchedFile {
    path: PathBuf,
    seen: ArcSwap<Option<FileState>>,
    lock: ProcessLock,
    accepted: AtomicU64,
    rejected: AtomicU64,
    in_order: AtomicBool,
}

/// The numbers of successful and failed reloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reloads {
    /// The number of successful reloads.
    pub accepted: u64,
    /// The number of failed reloads. After a failed reload, the previous contents remain active.
    pub rejected: u64,
    /// Whether the last reload succeeded. The value is `true` before the first reload.
    pub in_order: bool,
}

impl WatchedFile {
    /// Loads a file for the first time.
    ///
    /// # Errors
    /// The error returned by `load`.
    pub fn open<T>(
        path: &Path,
        load: impl FnOnce(&Path) -> Result<T, ConfigError>,
    ) -> Result<(Self, T), ConfigError> {
        // The properties are read before the contents. If the file changes between these two steps, the next
        // check therefore detects the change.
        let seen = FileState::of(path);
        let loaded = load(path)?;
        let file = Self {
            path: path.into(),
            seen: ArcSwap::from_pointee(seen),
            lock: ProcessLock::default(),
            accepted: AtomicU64::new(0),
            rejected: AtomicU64::new(0),
            in_order: AtomicBool::new(true),
        };
        Ok((file, loaded))
    }

    /// Reloads the file. Only one thread at a time reloads it.
    ///
    /// # Errors
    /// The error returned by `load`. A failed call of `load` must not change the active contents.
    pub fn reload(&self, load: impl FnOnce(&Path) -> Result<(), ConfigError>) -> Result<(), ConfigError> {
        self.lock.hold(|| self.load(load))
    }

    /// Reloads the file if it has changed since the last attempt to load it. Returns `true` if the file was
    /// reloaded.
    ///
    /// # Errors
    /// The error returned by `load`, as for [`WatchedFile::reload`].
    pub fn reload_if_changed(
        &self,
        load: impl FnOnce(&Path) -> Result<(), ConfigError>,
    ) -> Result<bool, ConfigError> {
        self.lock.hold(|| {
            let is_changed = FileState::of(&self.path) != **self.seen.load();
            if is_changed { self.load(load).map(|()| true) } else { Ok(false) }
        })
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Returns the numbers of successful and failed reloads since the file was opened.
    #[must_use]
    pub fn reloads(&self) -> Reloads {
        Reloads {
            accepted: self.accepted.load(Ordering::Relaxed),
            rejected: self.rejected.load(Ordering::Relaxed),
            in_order: self.in_order.load(Ordering::Relaxed),
        }
    }

    fn load(&self, load: impl FnOnce(&Path) -> Result<(), ConfigError>) -> Result<(), ConfigError> {
        let seen = FileState::of(&self.path);
        let loaded = load(&self.path);
        let counter = if loaded.is_ok() { &self.accepted } else { &self.rejected };
        counter.fetch_add(1, Ordering::Relaxed);
        self.in_order.store(loaded.is_ok(), Ordering::Relaxed);
        self.seen.store(Arc::new(seen));
        loaded
    }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use std::cell::Cell;

    use super::{Reloads, WatchedFile};
    use crate::config_error::error;

    #[test]
    fn a_file_is_reloaded_once_for_each_change() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("keys.toml");
        let aside = directory.path().join("aside");
        std::fs::write(&path, "one").expect("written");
        let loads = Cell::new(0);
        let load = |_: &_| {
            loads.set(loads.get() + 1);
            Ok(())
        };
        let (file, ()) = WatchedFile::open(&path, load).expect("it loads");
        assert_eq!(file.reload_if_changed(load), Ok(false));
        std::fs::write(&aside, "two").expect("written");
        std::fs::rename(&aside, &path).expect("replaced");
        assert_eq!(file.reload_if_changed(load), Ok(true));
        assert_eq!(file.reload_if_changed(load), Ok(false));
        assert_eq!((file.reload(load), loads.get()), (Ok(()), 3));
        assert_eq!(file.reloads(), Reloads { accepted: 2, rejected: 0, in_order: true });
    }

    #[test]
    fn a_failed_reload_is_counted_once_and_reported() {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join("keys.toml");
        std::fs::write(&path, "one").expect("written");
        let (file, ()) = WatchedFile::open(&path, |_| Ok(())).expect("it loads");
        std::fs::remove_file(&path).expect("removed");
        let refuse = |_: &_| Err(error("keys.toml", "is missing"));
        assert_eq!(file.reload_if_changed(refuse), Err(error("keys.toml", "is missing")));
        assert_eq!(file.reload_if_changed(refuse), Ok(false));
        assert_eq!(file.reloads(), Reloads { accepted: 0, rejected: 1, in_order: false });
        std::fs::write(&path, "one").expect("written");
        assert_eq!(file.reload_if_changed(|_| Ok(())), Ok(true));
        assert_eq!(file.reloads(), Reloads { accepted: 1, rejected: 1, in_order: true });
    }
}
