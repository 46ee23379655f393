//! Mode files, which the library loads once and reloads when they change.

use std::path::Path;
use std::sync::Arc;

use sealwire_core::Modes;
use sealwire_host::key_file::Format;
use sealwire_host::{ConfigError, ModesConfig, SharedModes, WatchedFile, mode_file, read_file};

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::modes::sealwire_modes;
use crate::opaque::{Opaque, borrow, free, give};
use crate::pointer::Out;
use crate::reloading::{Reloads, invalid, reload, reload_if_changed};
use crate::text::sealwire_text;

/// A mode file and the modes that it sets. Any number of threads may use it.
#[derive(Debug)]
pub struct sealwire_mode_file {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_mode_file {
    type Held = ModesOnDisk;
    const TAG: u64 = u64::from_be_bytes(*b"modefile");
}

/// Loads a mode file and writes a handle that can reload the file. A TOML or JSON file contains `mode`,
/// `senders` and `observeOnly`, and may also be the key file. A `.env` file contains `HMAC_AUTH_ENABLED`. A
/// mode that is not in the file is `enforce`. Invalid keys in the same file are ignored, because they must
/// not prevent a rollback.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The error contains the file and the
/// setting. Free the handle with `sealwire_mode_file_free`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_mode_file_open(
    path: sealwire_text,
    file: *mut *mut sealwire_mode_file,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid text and outputs.
        let (path, out) = unsafe { (path.str()?, Out::new(file)?) };
        let opened = WatchedFile::open(Path::new(path), load);
        let (file, modes) = opened.map_err(|cause| invalid(&error, &cause))?;
        give(ModesOnDisk { file, modes: SharedModes::new(modes) }, out);
        Ok(())
    })
}

/// Writes a handle to the modes. Pass it to `sealwire_verifier_builder_set_modes`. Free the handle with
/// `sealwire_modes_free`. It stays valid after the mode file is freed. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_mode_file_modes(
    file: *const sealwire_mode_file,
    modes: *mut *mut sealwire_modes,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, out) = unsafe { (borrow(file)?, Out::new(modes)?) };
        give(held.modes.clone(), out);
        Ok(())
    })
}

/// Loads the file again and replaces all modes atomically, including modes that `sealwire_modes_set` has set.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The current modes then stay active.
/// Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_mode_file_reload(
    file: *const sealwire_mode_file,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid handles and outputs.
    unsafe { reload(file, error) }
}

/// Reloads the file like `sealwire_mode_file_reload` if it has changed since it was last read. Call this function about once a
/// second. If the file has not changed, the function calls only `stat`. `*reloaded` is written on success. If the file is
/// invalid, only the first call after the change returns the error. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_mode_file_reload_if_changed(
    file: *const sealwire_mode_file,
    reloaded: *mut bool,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid handles and outputs.
    unsafe { reload_if_changed(file, reloaded, error) }
}

/// Frees a mode file. NULL is allowed. The modes stay valid. No thread may use the handle afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_mode_file_free(file: *mut sealwire_mode_file) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(file) });
}

/// A mode file and the modes that it sets.
#[derive(Debug)]
pub(crate) struct ModesOnDisk {
    pub(crate) file: WatchedFile,
    modes: Arc<SharedModes>,
}

impl Reloads for ModesOnDisk {
    fn file(&self) -> &WatchedFile {
        &self.file
    }

    fn replace(&self, path: &Path) -> Result<(), ConfigError> {
        load(path).map(|modes| drop(self.modes.replace(modes)))
    }
}

fn load(path: &Path) -> Result<Modes, ConfigError> {
    let name = path.display().to_string();
    let text = read_file(path)?;
    mode_file::read(&name, &text, Format::of(&name), ModesConfig::default())?.into_modes()
}
