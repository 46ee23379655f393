//! Mode files set the effect of rejections. A running service watches its mode file.

use std::path::{Path, PathBuf};
use std::time::Duration;

use sealwire_host::key_file::Format;
use sealwire_host::{ConfigError, mode_file, read_file};

use crate::reloader::Reloader;
use crate::verifier::Verifier;

/// A mode file in TOML, JSON or `.env` format. The command `sealwire mode` writes such files. If the file
/// omits a setting, the verifier's own setting applies.
///
/// ```
/// use std::time::Duration;
/// use sealwire::{KeyRing, KeySet, Mode, ModeFile, ReplayTable, Verifier};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::heap()?).build()?;
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("modes.toml");
/// std::fs::write(&path, "mode = \"observe\"")?;
///
/// let file = ModeFile::new(&path);
/// file.apply(&verifier)?;
/// assert_eq!(verifier.mode(), Mode::Observe);
/// let reloader = file.watch(&verifier, Duration::from_millis(10))?;
/// std::fs::write(&path, "mode = \"off\"\n")?;
/// while verifier.mode() != Mode::Off {
///     std::thread::sleep(Duration::from_millis(10));
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ModeFile {
    path: PathBuf,
}

impl ModeFile {
    /// Selects a file. The extension determines the format: `.toml`, `.json`, otherwise `.env`.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        Self { path: path.as_ref().to_path_buf() }
    }

    /// Reads the file and replaces the modes of the verifier.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the file and the setting. The current modes then stay active.
    pub fn apply(&self, verifier: &Verifier) -> Result<(), ConfigError> {
        let file = self.path.display().to_string();
        let text = read_file(&self.path)?;
        let otherwise = verifier.0.configured_modes.clone();
        let modes = mode_file::read(&file, &text, Format::of(&file), otherwise)?.into_modes()?;
        if let Some(change) = verifier.0.verifier.modes().replace(modes) {
            changed(&change);
        }
        Ok(())
    }

    /// Starts a thread that checks the file at this interval. If the file has changed, the thread replaces the modes of the
    /// verifier. If the file is invalid, the current modes stay active, and the thread logs the event `modes_refused`.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] if the operating system cannot start a thread.
    pub fn watch(&self, verifier: &Verifier, interval: Duration) -> Result<Reloader, ConfigError> {
        let (file, verifier) = (self.clone(), verifier.clone());
        Reloader::start(&self.path, interval, move || match file.apply(&verifier) {
            Ok(()) => reloaded(),
            Err(error) => refused(&error),
        })
    }
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "events are logged only with the feature `tracing`")
)]
fn changed((before, after): &sealwire_host::Change) {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "sealwire",
        sealwire_event = "modes_changed",
        sealwire_mode = after.service.name(),
        sealwire_mode_before = before.service.name(),
        "modes changed"
    );
}

fn reloaded() {
    #[cfg(feature = "tracing")]
    tracing::info!(target: "sealwire", sealwire_event = "modes_reloaded", "modes reloaded");
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "events are logged only with the feature `tracing`")
)]
fn refused(error: &ConfigError) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: "sealwire", sealwire_event = "modes_refused", "modes NOT reloaded: {error}");
}
