//! The settings of the client.

use sealwire_host::ConfigError;
use url::Url;

use super::client::Client;
use super::origins::{Origins, is_http};
use crate::signer::Signer;

/// The maximum number of redirects, as in the Fetch standard.
const MAX_REDIRECTS: usize = 20;

/// The settings of a [`Client`].
///
/// ```
/// use sealwire::{KeyRing, KeySet, Signer, reqwest::Client};
///
/// let keys = KeyRing::builder().client("billing", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let client = Client::builder(Signer::builder("billing", &keys).build()?)
///     .base("http://iam.internal:10000")
///     .origins(["http://iam.internal:10000", "http://iam-2.internal:10000"])
///     .reqwest(reqwest::Client::builder().user_agent("billing"))
///     .build()?;
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct ClientBuilder {
    signer: Signer,
    base: Option<String>,
    origins: Vec<String>,
    http: reqwest::ClientBuilder,
    max_redirects: usize,
}

impl Client {
    /// Returns a builder for a client that signs with `signer`.
    #[must_use]
    pub fn builder(signer: Signer) -> ClientBuilder {
        let http = reqwest::Client::builder();
        ClientBuilder { signer, base: None, origins: Vec::new(), http, max_redirects: MAX_REDIRECTS }
    }
}

impl ClientBuilder {
    /// Sets the base URL for relative paths. If `origins` is not set, the origin of the base URL is the only
    /// allowed origin.
    #[must_use]
    pub fn base(self, url: &str) -> Self {
        Self { base: Some(url.into()), ..self }
    }

    /// Sets the allowed origins, such as `https://iam.internal`. A request to any other origin is an error.
    #[must_use]
    pub fn origins<N: Into<String>>(self, origins: impl IntoIterator<Item = N>) -> Self {
        Self { origins: origins.into_iter().map(Into::into).collect(), ..self }
    }

    /// Sets the reqwest builder, which contains settings such as TLS, proxies and timeouts. The client
    /// disables reqwest's redirects and retries, because they would send the same signature twice.
    #[must_use]
    pub fn reqwest(self, http: reqwest::ClientBuilder) -> Self {
        Self { http, ..self }
    }

    /// Sets the maximum number of redirects. Default: 20. If it is 0, the client returns redirect
    /// responses.
    #[must_use]
    pub fn max_redirects(self, limit: usize) -> Self {
        Self { max_redirects: limit, ..self }
    }

    /// Validates the settings and returns the client.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the invalid setting.
    pub fn build(self) -> Result<Client, ConfigError> {
        let base = self.base.as_deref().map(base_of).transpose()?;
        let origins = match &base {
            _ if !self.origins.is_empty() => Origins::new(&self.origins)?,
            Some(base) => Origins::of_base(base),
            None => return Err(error("origins", "pass the origins to sign for, or a base URL")),
        };
        let http = self.http.redirect(reqwest::redirect::Policy::none()).retry(reqwest::retry::never());
        let http = http.build().map_err(|cause| error("reqwest", &cause.to_string()))?;
        Ok(Client { http, signer: self.signer, base, origins, max_redirects: self.max_redirects })
    }
}

fn base_of(url: &str) -> Result<Url, ConfigError> {
    let parsed = Url::parse(url).ok().filter(is_http);
    parsed.ok_or_else(|| error("base", "pass an absolute URL, such as https://iam.internal/api/"))
}

fn error(entry: &str, advice: &str) -> ConfigError {
    ConfigError { entry: entry.into(), advice: advice.into() }
}
