//! Reloads a key file at run time.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, SystemTime};

use sealwire_host::ConfigError;

use crate::key_file::KeyFile;
use crate::key_ring::KeyRing;

/// Reloads a key file after changes, until it is dropped.
///
/// An invalid file is rejected with the event `keys_refused`, and the current keys stay active.
///
/// ```
/// use std::time::Duration;
/// use sealwire::{KeyFile, Reloader};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("keys.toml");
/// let write = |version: u32| {
///     let secret = format!("the secret of version {version}, which has 32 bytes");
///     std::fs::write(&path, format!("[clients.billing]\nhmacPrimaryVersion = {version}\n[[clients.billing.hmacSecrets]]\nversion = {version}\nsecret = {secret:?}\n"))
/// };
/// write(1)?;
/// let file = KeyFile::new(&path);
/// let keys = file.load()?;
/// let reloader: Reloader = file.watch(&keys, Duration::from_millis(10))?;
/// write(22)?;
/// while keys.status()[0].version != 22 {
///     std::thread::sleep(Duration::from_millis(10));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Reloader {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Reloader {
    /// Calls `reload` once, and after each change of the file.
    pub(crate) fn start(
        path: &Path,
        interval: Duration,
        mut reload: impl FnMut() + Send + 'static,
    ) -> Result<Self, ConfigError> {
        let (stop, stopped) = channel();
        let path = path.to_path_buf();
        // A change before this call could have been missed, so the first look always reloads.
        let mut seen = None;
        let look = move || {
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                let now = Some(stamp(&path));
                if now != seen {
                    seen = now;
                    reload();
                }
            }
        };
        let thread = std::thread::Builder::new().name("sealwire-reload".into()).spawn(look);
        let thread =
            thread.map_err(|cause| ConfigError { entry: "watch".into(), advice: cause.to_string() })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }
}

impl KeyFile {
    /// Checks the file at this interval, and replaces the keys in `keys` if it has changed. References to
    /// Vault are not resolved; for these, call `load_with` and [`KeyRing::replace`] periodically.
    ///
    /// # Errors
    /// [`ConfigError`] if the operating system cannot start a thread.
    pub fn watch(&self, keys: &KeyRing, interval: Duration) -> Result<Reloader, ConfigError> {
        let (file, keys) = (self.clone(), keys.clone());
        Reloader::start(self.path(), interval, move || reload(&file, &keys))
    }
}

impl Drop for Reloader {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ended = thread.join();
        }
    }
}

/// Returns a value that changes when the file is written or replaced.
fn stamp(path: &Path) -> Option<(SystemTime, u64)> {
    let metadata = std::fs::metadata(path).ok()?;
    Some((metadata.modified().ok()?, metadata.len()))
}

fn reload(file: &KeyFile, keys: &KeyRing) {
    match file.load() {
        Ok(fresh) => {
            keys.replace(&fresh);
            #[cfg(feature = "tracing")]
            tracing::info!(target: "sealwire", sealwire_event = "keys_reloaded", "keys reloaded");
        }
        Err(error) => refused(&error),
    }
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "without the feature nothing is logged")
)]
fn refused(error: &ConfigError) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: "sealwire", sealwire_event = "keys_refused", "keys NOT reloaded: {error}");
}
