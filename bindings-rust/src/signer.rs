//! Signing of requests.

use std::sync::Arc;

use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri};
use sealwire_core::{Header, Request as CoreRequest, Scheme, Signing};
use sealwire_host::{Clock, ConfigError, FreshNonce, Signer as HostSigner, fresh_nonce, names_same_host};

use crate::head::target_of;
use crate::key_ring::KeyRing;
use crate::sign_error::SignError;
use crate::verifier_builder::application_clock;

/// The scheme of a URI that contains no scheme.
const HTTPS: &str = "https";

/// Signs requests. Create a signer once. It is cheap to clone and can be used from many threads.
///
/// ```
/// use sealwire::{KeyRing, KeySet, Signer};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
///
/// let request = http::Request::get("https://practices.internal/patients?ward=7").body("")?;
/// let signed = signer.for_user("alice").sign(request)?;
/// assert!(signed.headers().contains_key("signature"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Signer {
    signer: Arc<HostSigner>,
    receiver: Arc<str>,
    user: Option<Arc<str>>,
    nonce: Option<Arc<str>>,
    now_ms: Option<u64>,
    clock: Clock,
}

impl Signer {
    /// Returns a builder. `name` is the service name or the client id of the sender.
    #[must_use]
    pub fn builder(name: &str, keys: &KeyRing) -> SignerBuilder {
        SignerBuilder {
            name: name.into(),
            keys: keys.clone(),
            schemes: Vec::new(),
            receiver: String::new(),
            cover: Vec::new(),
            cover_authority: true,
            clock: Clock::default(),
        }
    }

    /// Returns a signer for requests to the service `receiver`.
    #[must_use]
    pub fn for_receiver(&self, receiver: &str) -> Self {
        Self { receiver: receiver.into(), ..self.clone() }
    }

    /// Returns a signer for requests on behalf of the user `user_id`.
    #[must_use]
    pub fn for_user(&self, user_id: &str) -> Self {
        Self { user: Some(user_id.into()), ..self.clone() }
    }

    /// Returns a signer that uses this nonce, which is also the request id. A verifier accepts each nonce
    /// only once.
    #[must_use]
    pub fn with_nonce(&self, nonce: &str) -> Self {
        Self { nonce: Some(nonce.into()), ..self.clone() }
    }

    /// Returns a signer that uses a fixed time in milliseconds since the Unix epoch. For tests.
    #[must_use]
    pub fn at(&self, now_ms: u64) -> Self {
        Self { now_ms: Some(now_ms), ..self.clone() }
    }

    /// Adds the signature headers to a request. Sign each attempt of a request separately, because a verifier
    /// accepts each nonce only once.
    ///
    /// The signature covers the body, except in [`Scheme::Client`]. If the URI is not absolute, a `Host`
    /// header must contain the authority.
    ///
    /// # Errors
    /// Returns a [`SignError`]. Do not send the request in this case.
    pub fn sign<B: AsRef<[u8]>>(&self, request: Request<B>) -> Result<Request<B>, SignError> {
        let (mut parts, body) = request.into_parts();
        let signed = self.headers(&parts.method, &parts.uri, &parts.headers, body.as_ref())?;
        parts.headers.extend(signed);
        Ok(Request::from_parts(parts, body))
    }

    /// Returns the signature headers for a request.
    ///
    /// # Errors
    /// Returns a [`SignError`], like [`Signer::sign`].
    pub fn headers(
        &self,
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<HeaderMap, SignError> {
        let scheme = uri.scheme_str().unwrap_or(HTTPS);
        let authority = authority_of(uri, scheme, headers)?;
        self.sign_parts(method.as_str(), [scheme, authority, target_of(uri)], headers, body)
    }

    /// Returns `true` if the signatures of this signer cover the body.
    #[must_use]
    pub fn covers_body(&self) -> bool {
        self.signer.schemes.into_iter().flatten().any(|scheme| scheme != Scheme::Client)
    }

    /// Signs a request with the given URL scheme, authority and target.
    pub(crate) fn sign_parts(
        &self,
        method: &str,
        [scheme, authority, target]: [&str; 3],
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<HeaderMap, SignError> {
        let lines: Vec<_> = headers
            .iter()
            .map(|(name, value)| Header { name: name.as_str().as_bytes(), value: value.as_bytes() })
            .collect();
        let request = CoreRequest {
            method: method.as_bytes(),
            target: target.as_bytes(),
            authority: authority.as_bytes(),
            scheme: scheme.as_bytes(),
            headers: &lines,
        };
        let fresh = if self.nonce.is_none() { Some(fresh_nonce()?) } else { None };
        let drawn = fresh.as_ref().map(FreshNonce::as_str);
        let signing = Signing {
            receiver: &self.receiver,
            body,
            user_id: self.user.as_deref(),
            nonce: self.nonce.as_deref().or(drawn).unwrap_or_default(),
            now_ms: self.now_ms.or_else(|| self.clock.read()).ok_or(SignError::Clock)?,
        };
        let mut signed = HeaderMap::new();
        self.signer.sign(&request, &signing, |name, value| {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(value)) = (name, HeaderValue::from_str(value)) {
                signed.insert(name, value);
            }
        })?;
        Ok(signed)
    }
}

/// Returns the authority of the URI, or the value of the `Host` header if the URI has no authority. If both
/// exist, they must name the same host.
fn authority_of<'a>(uri: &'a Uri, scheme: &str, headers: &'a HeaderMap) -> Result<&'a str, SignError> {
    let mut hosts = headers.get_all(HOST).iter().map(|host| host.to_str().unwrap_or_default());
    let Some(authority) = uri.authority() else { return Ok(hosts.next().unwrap_or_default()) };
    if authority.as_str().contains('@') {
        return Err(SignError::Url(sealwire_core::UrlError::UserInfo.to_string()));
    }
    let agrees =
        |host: &&str| !names_same_host(scheme.as_bytes(), host.as_bytes(), authority.as_str().as_bytes());
    match hosts.find(agrees) {
        Some(header) => Err(SignError::Host { header: header.into(), url: authority.to_string() }),
        None => Ok(authority.as_str()),
    }
}

/// The settings of a [`Signer`].
///
/// ```
/// use sealwire::{KeyRing, KeySet, Scheme, Signer};
///
/// let keys = KeyRing::builder().client("billing", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let signer = Signer::builder("billing", &keys)
///     .schemes([Scheme::Client, Scheme::Message])
///     .cover(["content-type"])
///     .build()?;
/// assert!(signer.covers_body());
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct SignerBuilder {
    name: String,
    keys: KeyRing,
    schemes: Vec<Scheme>,
    receiver: String,
    cover: Vec<String>,
    cover_authority: bool,
    clock: Clock,
}

impl SignerBuilder {
    /// Sets the signature schemes. Each request gets one signature per scheme. Default: [`Scheme::Message`].
    #[must_use]
    pub fn schemes(self, schemes: impl IntoIterator<Item = Scheme>) -> Self {
        Self { schemes: schemes.into_iter().collect(), ..self }
    }

    /// Sets the name of the service that receives the requests. The name is not required for client keys.
    #[must_use]
    pub fn receiver(self, receiver: &str) -> Self {
        Self { receiver: receiver.into(), ..self }
    }

    /// Sets additional headers that `message` signatures cover. Headers that the request does not contain
    /// are ignored.
    #[must_use]
    pub fn cover<N: Into<String>>(self, fields: impl IntoIterator<Item = N>) -> Self {
        Self { cover: fields.into_iter().map(|field| field.into().to_ascii_lowercase()).collect(), ..self }
    }

    /// Omits `@authority` from `message` signatures. Use this setting if a proxy rewrites the authority.
    #[must_use]
    pub fn ignore_authority(self) -> Self {
        Self { cover_authority: false, ..self }
    }

    /// Sets a function that returns the time in milliseconds since the Unix epoch. For tests. If the
    /// function panics or returns a time in any other unit, signing fails with [`SignError::Clock`].
    #[must_use]
    pub fn clock(self, now_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self { clock: application_clock(now_ms), ..self }
    }

    /// Validates the settings and returns the signer.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the invalid setting.
    pub fn build(self) -> Result<Signer, ConfigError> {
        let signer = HostSigner {
            name: self.name,
            ring: self.keys.0,
            schemes: accepted("schemes", &self.schemes)?,
            cover_authority: self.cover_authority,
            cover_fields: self.cover,
        };
        let signer = Arc::new(signer.checked("cover")?);
        Ok(Signer {
            signer,
            receiver: self.receiver.into(),
            user: None,
            nonce: None,
            now_ms: None,
            clock: self.clock,
        })
    }
}

/// Validates a list of schemes. An empty list selects only `message`.
fn accepted(entry: &str, schemes: &[Scheme]) -> Result<sealwire_core::AcceptedSchemes, ConfigError> {
    let names: Vec<_> = schemes.iter().map(|scheme| scheme.name().to_owned()).collect();
    sealwire_host::schemes(entry, &names)
}
