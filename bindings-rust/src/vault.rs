//! Reads secrets from HashiCorp Vault or OpenBao, for key files that refer to such secrets.

use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Client, Url};
use sealwire_host::ConfigError;
use sealwire_host::key_file::Resolved;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::key_file::KeyFile;
use crate::key_ring::KeyRing;

const KIND: &str = "vault";
const MOUNT: &str = "secret";
const TOKEN: &str = "x-vault-token";
const NAMESPACE: &str = "x-vault-namespace";
const TIMEOUT: Duration = Duration::from_secs(10);

/// A client for version 2 of the key-value engine. It resolves references such as `{ vault = { path =
/// "sealwire", key = "agent" } }`.
///
/// ```no_run
/// # async fn start() -> Result<(), Box<dyn std::error::Error>> {
/// use sealwire::{KeyFile, vault::Vault};
///
/// let vault = Vault::new("https://vault.internal:8200", &std::env::var("VAULT_TOKEN")?)?;
/// let keys = KeyFile::new("gateway.toml").table("core.accountLifeCycle").load_with(&vault).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Vault {
    http: Client,
    address: Url,
    headers: HeaderMap,
    mount: String,
}

impl Vault {
    /// Creates a client for the server at `address`, which authenticates with `token`.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] if the address or the token is invalid.
    pub fn new(address: &str, token: &str) -> Result<Self, ConfigError> {
        let address = Url::parse(address).ok().filter(|url| !url.cannot_be_a_base());
        let address = address.ok_or_else(|| {
            error(KIND, "pass the address of the server, such as https://vault.internal:8200")
        })?;
        // Redirects are disabled, because they would send the token to another host.
        let http = Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(TIMEOUT).build();
        let http = http.map_err(|cause| error(KIND, &cause.to_string()))?;
        let mut headers = HeaderMap::new();
        headers.insert(TOKEN, secret_value(token)?);
        Ok(Self { http, address, headers, mount: MOUNT.into() })
    }

    /// Sets the mount path of the key-value engine. Default: `secret`.
    #[must_use]
    pub fn mount(self, mount: &str) -> Self {
        Self { mount: mount.into(), ..self }
    }

    /// Sets the Vault namespace that contains the engine.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] if the name is not a valid header value.
    pub fn namespace(mut self, namespace: &str) -> Result<Self, ConfigError> {
        self.headers.insert(NAMESPACE, secret_value(namespace)?);
        Ok(self)
    }

    /// Reads the latest version of a secret. On failure, returns an error message for the operator.
    async fn read(&self, reference: &str) -> Result<Zeroizing<String>, String> {
        let reference: Value = serde_json::from_str(reference).unwrap_or_default();
        let field = |name| reference.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
        let shape = || "write the reference as { vault = { path = \"..\", key = \"..\" } }".to_owned();
        let (path, key) = field("path").zip(field("key")).ok_or_else(shape)?;
        let place = format!("{}/{path}", self.mount);
        let failed = |why: &str| {
            format!("Vault did not return {place} ({why}); check its address, the token and the policy")
        };
        let response = self.http.get(self.url(path)).headers(self.headers.clone()).send().await;
        let response = response.map_err(|_| failed("no response"))?;
        if !response.status().is_success() {
            return Err(failed(&format!("status {}", response.status().as_u16())));
        }
        let bytes = response.bytes().await.map_err(|_| failed("no complete response"))?;
        let body: Value = serde_json::from_slice(&bytes).map_err(|_| failed("no JSON"))?;
        let value = body.pointer("/data/data").and_then(|data| data.get(key)).and_then(Value::as_str);
        let value = value.filter(|value| !value.is_empty()).map(|value| Zeroizing::new(value.to_owned()));
        value.ok_or_else(|| format!("Vault has no key {key} at {place}; write it there"))
    }

    fn url(&self, path: &str) -> Url {
        let mut url = self.address.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments
                .pop_if_empty()
                .push("v1")
                .extend(self.mount.split('/'))
                .push("data")
                .extend(path.split('/'));
        }
        url
    }
}

impl std::fmt::Debug for Vault {
    /// Shows the address, but not the token.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("address", &self.address.as_str()).finish_non_exhaustive()
    }
}

impl KeyFile {
    /// Reads the file and returns its keys, like [`KeyFile::load`]. It also resolves references to Vault.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the file, the entry or the reference. It never contains a secret.
    pub async fn load_with(&self, vault: &Vault) -> Result<KeyRing, ConfigError> {
        let parsed = self.parse()?;
        let mut resolved = Vec::new();
        for lookup in parsed.lookups() {
            resolved.push(match lookup.reference.kind.as_str() {
                KIND => {
                    let value = vault.read(&lookup.reference.value).await;
                    Resolved::Text(value.map_err(|advice| error(&lookup.label, &advice))?)
                }
                _ => self.resolve(&lookup)?,
            });
        }
        self.ring(&parsed, resolved)
    }
}

fn secret_value(text: &str) -> Result<HeaderValue, ConfigError> {
    let mut value = HeaderValue::from_str(text)
        .map_err(|_| error(KIND, "the token or namespace contains a control character"))?;
    value.set_sensitive(true);
    Ok(value)
}

fn error(entry: &str, advice: &str) -> ConfigError {
    ConfigError { entry: entry.into(), advice: advice.into() }
}
