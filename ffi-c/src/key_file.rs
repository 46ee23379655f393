//! Key files, which the library loads once and reloads when they change.

use core::ffi::c_void;
use std::path::Path;
use std::sync::Arc;

use sealwire_host::key_file::{Format, KeyFile, Options};
use sealwire_host::{ConfigError, SharedRing, WatchedFile, is_open_to_others, read_file};

use crate::error::{ErrorOut, sealwire_error};
use crate::guard::{guard, guard_free};
use crate::key_ring::sealwire_key_ring;
use crate::opaque::{Opaque, borrow, free, give};
use crate::pointer::{Out, reference};
use crate::reloading::{Reloads, invalid, reload, reload_if_changed};
use crate::secret_reference::{Resolver, sealwire_secret_resolver};
use crate::status::Failure;
use crate::text::sealwire_text;

/// A key file and the key ring that it describes. Any number of threads may use it.
#[derive(Debug)]
pub struct sealwire_key_file {
    _opaque: [u8; 0],
}

impl Opaque for sealwire_key_file {
    type Held = KeysOnDisk;
    const TAG: u64 = u64::from_be_bytes(*b"key_file");
}

/// The options of a key file. Start with zeroed memory, because a member that is 0 has its default value.
#[derive(Clone, Copy, Debug)]
#[repr(C)]
pub struct sealwire_key_file_options {
    /// The name of the service that loads the file. The library skips the pair keys of other services, so
    /// this process does not hold their secrets. An empty string loads all pair keys.
    pub service: sealwire_text,
    /// The table of a larger configuration file that contains the issuer's keys, such as
    /// `core.accountLifeCycle`. Use an empty string for a Sealwire key file.
    pub table: sealwire_text,
    /// The function that reads secrets stored outside the file, or NULL if the file contains no references
    /// other than `env`.
    pub resolver: sealwire_secret_resolver,
    /// A pointer that the library passes to `resolver`. The pointer must stay valid until the key file is
    /// freed.
    pub context: *mut c_void,
    /// Whether secrets with fewer than 32 bytes are accepted. Use this option in tests, or until all short
    /// secrets have been rotated.
    pub allow_weak: bool,
    /// Always zero. This member occupies bytes that would otherwise be padding.
    pub reserved: [u8; 7],
}

/// Loads a key file and writes a handle that can reload the file. A file name that ends with `.toml` or
/// `.json` selects that format. Any other file is read in `.env` format. `options` may be NULL. References
/// such as `{ env = "NAME" }` are read from the environment of the process. The resolver in the options
/// reads all other references. The library wipes its own copies of the secrets.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The error
/// contains the file or the entry, but never a secret. Free the handle with `sealwire_key_file_free`.
/// Thread-safe while no other thread changes the environment.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_file_open(
    path: sealwire_text,
    options: *const sealwire_key_file_options,
    file: *mut *mut sealwire_key_file,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid text and outputs.
        let (path, out) = unsafe { (path.str()?, Out::new(file)?) };
        let options = if options.is_null() {
            Settings::default()
        } else {
            // SAFETY: the C caller guarantees valid inputs.
            unsafe { reference(options)?.read()? }
        };
        let opened = WatchedFile::open(Path::new(path), |path| options.load(path));
        let (file, ring) = opened.map_err(|cause| invalid(&error, &cause))?;
        give(KeysOnDisk { file, options, ring: SharedRing::new(ring) }, out);
        Ok(())
    })
}

/// Writes a handle to the key ring that the file defines. After a reload, signers and verifiers that were
/// built with this key ring use the new keys from the next request on. Free the handle with
/// `sealwire_key_ring_free`. It stays valid after the key file is freed. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_file_ring(
    file: *const sealwire_key_file,
    ring: *mut *mut sealwire_key_ring,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, out) = unsafe { (borrow(file)?, Out::new(ring)?) };
        give(held.ring.clone(), out);
        Ok(())
    })
}

/// Loads the file again and replaces all keys atomically. A key version that existed before keeps its usage
/// counts.
///
/// Returns `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. The current keys
/// then stay active. Thread-safe. Only one thread reloads the file at a time, and this thread calls the
/// resolver.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_file_reload(
    file: *const sealwire_key_file,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid handles and outputs.
    unsafe { reload(file, error) }
}

/// Reloads the file like `sealwire_key_file_reload` if it has changed since it was last read. Call this
/// function about once a second. If the file has not changed, the function calls only `stat`. `*reloaded`
/// is written on success. If the file is invalid, only the first call after the change returns the error.
/// This function does not detect changes in a secret store. After such a change, call
/// `sealwire_key_file_reload`. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_file_reload_if_changed(
    file: *const sealwire_key_file,
    reloaded: *mut bool,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid handles and outputs.
    unsafe { reload_if_changed(file, reloaded, error) }
}

/// Writes whether users other than the owner can access secrets in the file. `*exposed` is true if the file
/// contains secrets and other users have any permission on it. Log a warning in this case. Returns
/// `SEALWIRE_STATUS_INVALID_CONFIGURATION` if the file cannot be read or is invalid. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_file_is_exposed(
    file: *const sealwire_key_file,
    exposed: *mut bool,
    error: *mut sealwire_error,
) -> i32 {
    // SAFETY: the C caller guarantees valid outputs.
    let error = unsafe { ErrorOut::new(error) };
    error.guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (held, out) = unsafe { (borrow(file)?, Out::new(exposed)?) };
        let path = held.file.path();
        let read = held.options.read(path).map_err(|cause| invalid(&error, &cause))?;
        out.write(read.holds_secrets() && is_open_to_others(path));
        Ok(())
    })
}

/// Frees a key file. NULL is allowed. The key ring stays valid and keeps its keys. No thread may use the handle afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_key_file_free(file: *mut sealwire_key_file) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(file) });
}

/// A key file and the key ring that it defines.
#[derive(Debug)]
pub(crate) struct KeysOnDisk {
    pub(crate) file: WatchedFile,
    options: Settings,
    ring: Arc<SharedRing>,
}

impl Reloads for KeysOnDisk {
    fn file(&self) -> &WatchedFile {
        &self.file
    }

    fn replace(&self, path: &Path) -> Result<(), ConfigError> {
        self.options.load(path).map(|ring| self.ring.replace(ring))
    }
}

impl KeysOnDisk {
    /// Returns the planned retirement dates as entry, version and Unix seconds. The list is empty while the
    /// file is invalid.
    pub(crate) fn retire_dates(&self) -> Vec<(String, u32, i64)> {
        self.options.read(self.file.path()).map_or_else(|_| Vec::new(), |file| file.retire_dates())
    }
}

/// A copy of the options that owns its text.
#[derive(Debug, Default)]
struct Settings {
    service: Option<String>,
    table: Option<String>,
    resolver: Resolver,
    allow_weak: bool,
}

impl Settings {
    fn load(&self, path: &Path) -> Result<sealwire_core::keys::KeyRing, ConfigError> {
        let file = self.read(path)?;
        let lookups = file.lookups();
        let resolved = lookups.iter().map(|lookup| self.resolver.resolve(lookup));
        file.ring(resolved.collect::<Result<_, _>>()?, self.allow_weak)
    }

    fn read(&self, path: &Path) -> Result<KeyFile, ConfigError> {
        let options = Options { table: self.table.as_deref(), service: self.service.as_deref() };
        let name = path.display().to_string();
        KeyFile::parse(&name, &read_file(path)?, Format::of(&name), options)
    }
}

impl sealwire_key_file_options {
    /// # Safety
    /// Its text refers to memory that is not modified during the call.
    unsafe fn read(&self) -> Result<Settings, Failure> {
        // SAFETY: guaranteed by the caller of this function.
        let (service, table) = unsafe { (self.service.optional_str()?, self.table.optional_str()?) };
        Ok(Settings {
            service: service.map(ToOwned::to_owned),
            table: table.map(ToOwned::to_owned),
            resolver: Resolver::new(self.resolver, self.context),
            allow_weak: self.allow_weak,
        })
    }
}
