//! Key files and mode files. The host crate parses them. The JavaScript code resolves the references to secrets
//! in key files, such as `{ env = "NAME" }`.

use std::path::Path;

use napi::bindgen_prelude::{Either, External, Uint8Array};
use napi_derive::napi;
use sealwire_host::key_file::{self, Format, KeyFile, Options, Resolved};
use sealwire_host::{ConfigError, FileState, ModesConfig, SharedRing, mode_file, read_file};
use zeroize::Zeroizing;

use crate::error::{Code, Result};
use crate::ring::Ring;

/// A reference to a secret, which the JavaScript code must resolve.
#[napi(object, object_from_js = false)]
pub struct Lookup {
    /// The entry and version that contain the reference, for error messages.
    pub label: String,
    /// The kind of source that can resolve the reference, such as `env` or `vault`.
    pub kind: String,
    /// The reference's value, as JSON.
    pub reference: String,
}

/// The planned removal date of a key version.
#[napi(object, object_from_js = false)]
pub struct RetireDate {
    /// The name of the entry in the key file.
    pub name: String,
    /// The number of the key version.
    pub version: u32,
    /// The date in Unix seconds.
    pub seconds: i64,
}

/// The modes in a file.
#[napi(object, object_from_js = false)]
pub struct FileModes {
    /// The mode of the service.
    pub mode: Option<String>,
    /// The modes of individual senders. Each array contains the name of a sender and its mode.
    pub senders: Vec<Vec<String>>,
    /// Whether every `enforce` mode is changed to `observe`.
    pub observe_only: bool,
}

/// Reads a key file without resolving references.
#[napi(catch_unwind)]
pub fn open_key_file(
    path: String,
    table: Option<String>,
    service: Option<String>,
) -> Result<External<KeyFile>> {
    let options = Options { table: table.as_deref(), service: service.as_deref() };
    let read =
        read_file(Path::new(&path)).and_then(|text| KeyFile::parse(&path, &text, Format::of(&path), options));
    read.map(External::new).map_err(keys_error)
}

/// Returns the references in a key file that the JavaScript code must resolve.
#[napi(catch_unwind)]
pub fn key_file_lookups(file: &External<KeyFile>) -> Vec<Lookup> {
    let lookup = |each: key_file::Lookup<'_>| Lookup {
        label: each.label,
        kind: each.reference.kind.clone(),
        reference: each.reference.value.clone(),
    };
    file.lookups().into_iter().map(lookup).collect()
}

/// Creates a key ring from a key file. `secrets` contains the secret for each reference that
/// [`key_file_lookups`] returned, in the same order.
#[napi(catch_unwind)]
pub fn key_file_ring(
    file: &External<KeyFile>,
    secrets: Vec<Either<Uint8Array, String>>,
    allow_weak: bool,
) -> Result<External<Ring>> {
    let secrets = secrets.into_iter().map(|secret| match secret {
        Either::A(bytes) => Resolved::Bytes(Zeroizing::new(bytes.to_vec())),
        Either::B(text) => Resolved::Text(Zeroizing::new(text)),
    });
    let ring = file.ring(secrets.collect(), allow_weak);
    ring.map(|ring| External::new(SharedRing::new(ring))).map_err(keys_error)
}

/// Returns `true` if the file contains at least one secret that is not a reference.
#[napi(catch_unwind)]
pub fn key_file_holds_secrets(file: &External<KeyFile>) -> bool {
    file.holds_secrets()
}

/// Atomically replaces the keys in `ring` with those of a loaded key ring.
#[napi(catch_unwind)]
pub fn adopt_ring(ring: &External<Ring>, loaded: &External<Ring>) {
    ring.replace_with(loaded);
}

/// Returns the planned removal dates of key versions.
#[napi(catch_unwind)]
pub fn key_file_retire_dates(file: &External<KeyFile>) -> Vec<RetireDate> {
    let date = |(name, version, seconds)| RetireDate { name, version, seconds };
    file.retire_dates().into_iter().map(date).collect()
}

/// Reads the modes in a file. `mode` and `senders` are the defaults for settings that the file does not
/// contain.
#[napi(catch_unwind)]
pub fn read_mode_file(path: String, mode: Option<String>, senders: Vec<Vec<String>>) -> Result<FileModes> {
    let senders = senders.into_iter().filter_map(|pair| <[String; 2]>::try_from(pair).ok());
    let otherwise = ModesConfig {
        mode,
        senders: senders.map(|[name, mode]| (name, mode)).collect(),
        observe_only: false,
    };
    let read = read_file(Path::new(&path))
        .and_then(|text| mode_file::read(&path, &text, Format::of(&path), otherwise));
    let modes = read.map_err(keys_error)?;
    let senders = modes.senders.into_iter().map(|(name, mode)| vec![name, mode]).collect();
    Ok(FileModes { mode: modes.mode, senders, observe_only: modes.observe_only })
}

/// Returns the variables in a `.env` file. Each array contains the name and the value of a variable.
#[napi(catch_unwind)]
pub fn read_variables(path: String) -> Result<Vec<Vec<String>>> {
    let read = read_file(Path::new(&path)).and_then(|text| key_file::variables_of(&path, &text));
    let variables = read.map_err(keys_error)?;
    Ok(variables.into_iter().map(|(name, value)| vec![name, value]).collect())
}

/// Returns a name for an error message. Names that could be secrets are replaced with a placeholder.
#[napi(catch_unwind)]
pub fn shown_name(name: String) -> String {
    sealwire_host::redact::shown(&name)
}

fn keys_error(cause: ConfigError) -> crate::error::Error {
    Code::Keys.error(cause)
}

/// Returns a string that changes when a file is written or replaced. Returns `None` if the file cannot be
/// accessed.
#[napi(catch_unwind)]
pub fn file_state(path: String) -> Option<String> {
    FileState::of(Path::new(&path)).map(|state| state.to_string())
}

/// Returns `true` if users other than the owner have permissions for a file.
#[napi(catch_unwind)]
pub fn is_open_to_others(path: String) -> bool {
    sealwire_host::is_open_to_others(Path::new(&path))
}
