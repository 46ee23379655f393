//! Key files, which list the versions of each key, the primary version, and the location of each secret.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sealwire_host::key_file::{Format, KeyFile as Parsed, Lookup, Options, Resolved};
use sealwire_host::{ConfigError, read_file};
use zeroize::Zeroizing;

use crate::key_ring::KeyRing;

const ENV: &str = "env";

/// A key file in TOML, JSON or `.env` format. References to environment variables are resolved when it is
/// loaded. With the feature `vault`, references to Vault or OpenBao are also supported.
///
/// Each call of [`KeyFile::load`] reads the file again.
///
/// ```
/// use sealwire::KeyFile;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("gateway.toml");
/// std::fs::write(&path, r#"
/// [core.accountLifeCycle]
/// hmacPrimaryVersion = 2
/// [[core.accountLifeCycle.hmacSecrets]]
/// version = 2
/// secret = { env = "HMAC_SECRET_V2" }
/// "#)?;
/// let variables = [("HMAC_SECRET_V2".to_owned(), "32 bytes or more, of a CSPRNG's.".to_owned())];
/// let keys = KeyFile::new(&path).table("core.accountLifeCycle").environment(variables).load()?;
/// assert_eq!(keys.status()[0].name, "issuer");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct KeyFile {
    path: PathBuf,
    format: Format,
    table: Option<String>,
    service: Option<String>,
    environment: Option<BTreeMap<String, String>>,
    allow_weak: bool,
}

impl KeyFile {
    /// Selects a file. The extension determines the format: `.toml`, `.json`, otherwise `.env`.
    #[must_use]
    pub fn new(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_path_buf();
        let format = Format::of(&path.to_string_lossy());
        Self { path, format, table: None, service: None, environment: None, allow_weak: false }
    }

    /// Selects the table that contains the keys for connection strings, such as `core.accountLifeCycle`. The file may contain
    /// other tables.
    #[must_use]
    pub fn table(self, table: &str) -> Self {
        Self { table: Some(table.into()), ..self }
    }

    /// Skips pair keys that `service` does not use.
    #[must_use]
    pub fn service(self, service: &str) -> Self {
        Self { service: Some(service.into()), ..self }
    }

    /// Sets the variables for references such as `{ env = "NAME" }`. The default is the environment of the
    /// process.
    #[must_use]
    pub fn environment(self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        Self { environment: Some(variables.into_iter().collect()), ..self }
    }

    /// Accepts secrets with fewer than 32 bytes.
    #[must_use]
    pub fn allow_weak(self) -> Self {
        Self { allow_weak: true, ..self }
    }

    /// Reads the file and returns its keys.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the file, the entry or the reference. It never contains a secret.
    pub fn load(&self) -> Result<KeyRing, ConfigError> {
        let parsed = self.parse()?;
        let resolved: Result<_, _> = parsed.lookups().iter().map(|lookup| self.resolve(lookup)).collect();
        self.ring(&parsed, resolved?)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn parse(&self) -> Result<Parsed, ConfigError> {
        let file = self.path.display().to_string();
        let text = read_file(&self.path)?;
        let options = Options { table: self.table.as_deref(), service: self.service.as_deref() };
        Parsed::parse(&file, &text, self.format, options)
    }

    pub(crate) fn ring(&self, parsed: &Parsed, resolved: Vec<Resolved>) -> Result<KeyRing, ConfigError> {
        parsed.ring(resolved, self.allow_weak).map(KeyRing::from_core)
    }

    /// Resolves a reference to an environment variable.
    pub(crate) fn resolve(&self, lookup: &Lookup<'_>) -> Result<Resolved, ConfigError> {
        let error = |advice: String| ConfigError { entry: lookup.label.clone(), advice };
        let reference = lookup.reference;
        if reference.kind != ENV {
            let kind = sealwire_host::redact::shown(&reference.kind);
            return Err(error(format!("the secret is stored in {kind}; load the file with a client for it")));
        }
        let name = reference.value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let name = name.ok_or_else(|| error("write the reference as { env = \"NAME\" }".into()))?;
        let value = match &self.environment {
            Some(variables) => variables.get(name).cloned(),
            None => std::env::var(name).ok(),
        };
        let value = value.map(Zeroizing::new).filter(|value| !value.is_empty());
        value.map(Resolved::Text).ok_or_else(|| {
            let name = sealwire_host::redact::shown(name);
            error(format!("the environment variable {name} is not set; set it and start again"))
        })
    }
}

impl KeyRing {
    /// Reads a key file in TOML, JSON or `.env` format for `service`. See [`KeyFile`] for more options.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the file or the entry.
    pub fn from_file(path: impl AsRef<Path>, service: &str) -> Result<Self, ConfigError> {
        KeyFile::new(path).service(service).load()
    }
}
