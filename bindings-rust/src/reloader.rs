//! Reloads key files and mode files when they change.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use sealwire_host::{ConfigError, FileState};

use crate::key_file::KeyFile;
use crate::key_ring::KeyRing;

/// A background thread that reloads a key file or mode file when the file changes. Dropping the `Reloader`
/// stops the thread.
///
/// If a key file is invalid, the current keys stay active, and the thread logs the event `keys_refused`.
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
    /// Starts a thread that calls `reload` once after the first interval, and then after each change of the
    /// file.
    pub(crate) fn start(
        path: &Path,
        interval: Duration,
        mut reload: impl FnMut() + Send + 'static,
    ) -> Result<Self, ConfigError> {
        let (stop, stopped) = channel();
        let path = path.to_path_buf();
        // The file may have changed before this call, so the first check always reloads it.
        let mut seen = None;
        let look = move || {
            while stopped.recv_timeout(interval) == Err(RecvTimeoutError::Timeout) {
                let now = Some(FileState::of(&path));
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
    /// Starts a thread that checks the file at this interval. If the file has changed, the thread replaces
    /// the keys in `keys`. The thread cannot resolve references to Vault. For a file with such references,
    /// call `load_with` and [`KeyRing::replace`] periodically.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] if the operating system cannot start a thread.
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
    expect(unused_variables, reason = "events are logged only with the feature `tracing`")
)]
fn refused(error: &ConfigError) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: "sealwire", sealwire_event = "keys_refused", "keys NOT reloaded: {error}");
}
