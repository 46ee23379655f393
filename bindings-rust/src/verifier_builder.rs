//! The settings of a verifier.

use std::sync::Arc;
use std::time::Duration;

use sealwire_core::{Mode, Scheme};
use sealwire_host::mode_file::ENABLED_VARIABLE;
use sealwire_host::{
    Clock, ConfigError, ModesConfig, SenderConfig, Verifier as HostVerifier, VerifierConfig, clock_conflict,
    clock_ms, is_enabled,
};

use crate::key_ring::KeyRing;
use crate::replay::{ReplayTable, Store};
use crate::verifier::{Inner, Verifier};

/// The maximum time to receive a body.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// The settings of a [`Verifier`]. The settings have the same names as in other languages.
///
/// ```
/// use std::time::Duration;
/// use sealwire::{KeyRing, KeySet, Mode, ReplayTable, Scheme, Sender, Verifier};
///
/// let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let verifier = Verifier::builder("practices", &keys)
///     .schemes([Scheme::Message, Scheme::Pairwise])
///     .mode(Mode::Observe)
///     .past(Duration::from_secs(60))
///     .sender(Sender::new("agent").mode(Mode::Enforce).methods(["GET"]).path_prefixes(["/patients"]))
///     .exempt_paths(["/metrics"])
///     .replay(ReplayTable::heap()?)
///     .build()?;
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct VerifierBuilder {
    keys: KeyRing,
    config: VerifierConfig,
    replay: Option<ReplayTable>,
    body_timeout: Duration,
    local_health_check: bool,
    clock: Option<Clock>,
}

impl Verifier {
    /// Returns a builder. `service` is the name of this service. It may be empty if [`Scheme::Client`] is the
    /// only accepted scheme.
    #[must_use]
    pub fn builder(service: &str, keys: &KeyRing) -> VerifierBuilder {
        VerifierBuilder {
            keys: keys.clone(),
            config: VerifierConfig { service: service.into(), ..VerifierConfig::default() },
            replay: None,
            body_timeout: BODY_TIMEOUT,
            local_health_check: true,
            clock: None,
        }
    }
}

impl VerifierBuilder {
    /// Sets the accepted signature schemes in order of preference. Default: [`Scheme::Message`].
    #[must_use]
    pub fn schemes(mut self, schemes: impl IntoIterator<Item = Scheme>) -> Self {
        self.config.schemes = schemes.into_iter().map(|scheme| scheme.name().to_owned()).collect();
        self
    }

    /// Sets the effect of a rejection. Default: [`Mode::Enforce`].
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.config.mode = Some(mode.name().into());
        self
    }

    /// Sets the maximum age of a request. Default: 300 seconds.
    #[must_use]
    pub fn past(mut self, past: Duration) -> Self {
        self.config.past_ms = Some(milliseconds(past));
        self
    }

    /// Sets how far the sender's clock may be ahead. Default: 5 seconds, or 300 seconds for
    /// [`Scheme::Client`].
    #[must_use]
    pub fn future(mut self, future: Duration) -> Self {
        self.config.future_ms = Some(milliseconds(future));
        self
    }

    /// Sets the maximum size of a body in bytes. Default: 1 MiB.
    #[must_use]
    pub fn max_body_bytes(mut self, bytes: u64) -> Self {
        self.config.max_body_bytes = Some(bytes);
        self
    }

    /// Sets the maximum time to receive a body. Default: 60 seconds.
    #[must_use]
    pub fn body_timeout(self, timeout: Duration) -> Self {
        Self { body_timeout: timeout, ..self }
    }

    /// Reports the user id of [`Scheme::Pairwise`] requests in the [`Identity`](crate::Identity). This scheme
    /// does not sign the user id.
    #[must_use]
    pub fn trust_unsigned_user_id(mut self) -> Self {
        self.config.trust_unsigned_user_id = true;
        self
    }

    /// Claims the signature of a [`Scheme::Pairwise`] request as its nonce, because this scheme has no
    /// nonce.
    #[must_use]
    pub fn claim_pairwise(mut self) -> Self {
        self.config.claim_pairwise = true;
        self
    }

    /// Sets the authorities of this service, such as `api.internal` or `https://api.internal:8443`. The
    /// single entry `any` accepts any authority.
    #[must_use]
    pub fn authorities<N: Into<String>>(mut self, authorities: impl IntoIterator<Item = N>) -> Self {
        self.config.authorities = authorities.into_iter().map(Into::into).collect();
        self
    }

    /// Accepts `message` signatures that do not cover `@authority`. Use this setting if a proxy rewrites the
    /// authority.
    #[must_use]
    pub fn ignore_authority(mut self) -> Self {
        self.config.ignore_authority = true;
        self
    }

    /// Sets the URL scheme that senders use, `https` or `http`. This setting is required if a proxy
    /// terminates TLS and senders sign the URL scheme.
    #[must_use]
    pub fn scheme(mut self, scheme: &str) -> Self {
        self.config.scheme = Some(scheme.into());
        self
    }

    /// Sets headers that `message` signatures must cover if the request contains them.
    #[must_use]
    pub fn require_fields<N: Into<String>>(mut self, fields: impl IntoIterator<Item = N>) -> Self {
        self.config.require_fields = fields.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the paths that need no signature. An entry that ends with `*` matches all paths with that prefix.
    #[must_use]
    pub fn exempt_paths<N: Into<String>>(mut self, paths: impl IntoIterator<Item = N>) -> Self {
        self.config.exempt_paths = paths.into_iter().map(Into::into).collect();
        self
    }

    /// Adds rules for one sender.
    #[must_use]
    pub fn sender(mut self, sender: Sender) -> Self {
        self.config.senders.push(sender.0);
        self
    }

    /// Rejects requests from senders that have no rules.
    #[must_use]
    pub fn listed_senders_only(mut self) -> Self {
        self.config.listed_senders_only = true;
        self
    }

    /// Sets the maximum fraction of the replay table that one sender may use. The fraction must be greater
    /// than 0 and at most 1.
    #[must_use]
    pub fn max_sender_share(mut self, share: f64) -> Self {
        self.config.max_sender_share = Some(share);
        self
    }

    /// Sets the replay store. The default is a file that all processes of this host share.
    #[must_use]
    pub fn replay(self, replay: ReplayTable) -> Self {
        Self { replay: Some(replay), ..self }
    }

    /// Sets a function that returns the time in milliseconds since the Unix epoch. For tests. The setting
    /// cannot be combined with a mapped or shared replay store. If the function panics or returns a time in
    /// any other unit, signed requests are rejected.
    ///
    /// ```
    /// # use std::sync::{Arc, atomic::{AtomicU64, Ordering::SeqCst}};
    /// # use sealwire::{KeyRing, KeySet, Reason, ReplayTable, Signer, Verifier};
    /// # let keys = KeyRing::builder().pair("agent", "practices", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
    /// let time = Arc::new(AtomicU64::new(1_000_000_000_000));
    /// let now = time.clone();
    /// let verifier = Verifier::builder("practices", &keys)
    ///     .replay(ReplayTable::heap()?)
    ///     .clock(move || now.load(SeqCst))
    ///     .build()?;
    /// let now = time.clone();
    /// let signer = Signer::builder("agent", &keys).receiver("practices").clock(move || now.load(SeqCst)).build()?;
    ///
    /// let request = signer.sign(http::Request::get("http://practices.internal/").body("")?)?;
    /// time.fetch_add(301_000, SeqCst);
    /// assert_eq!(verifier.verify(&request).unwrap_err().reason(), Reason::StaleTimestamp);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn clock(self, now_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Self {
        Self { clock: Some(application_clock(now_ms)), ..self }
    }

    /// Requires a signature for `GET /health` from a loopback address too.
    #[must_use]
    pub fn no_local_health_check(self) -> Self {
        Self { local_health_check: false, ..self }
    }

    /// Validates the settings and returns the verifier. `HMAC_AUTH_ENABLED=false` in the environment changes
    /// every [`Mode::Enforce`] to [`Mode::Observe`].
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which identifies the invalid setting.
    pub fn build(mut self) -> Result<Verifier, ConfigError> {
        self.config.observe_only = !is_enabled(std::env::var(ENABLED_VARIABLE).ok().as_deref())?;
        let configured_modes = configured_modes(&self.config);
        let (policy, modes) = self.config.into_parts()?;
        let has_clock = self.clock.is_some();
        let replay = self.replay.map_or_else(|| ReplayTable::of(&policy, &self.keys, has_clock), Ok)?;
        let (table, shared) = match replay.0 {
            Store::Table(table) => (Some(table), None),
            Store::Shared(_) if has_clock => return Err(clock_conflict()),
            Store::Shared(store) => (None, Some(store)),
        };
        let service = policy.service.as_str().into();
        let verifier = HostVerifier::new(policy, self.keys.0.clone(), table).under(modes);
        let verifier = match self.clock {
            None => verifier,
            Some(clock) => verifier.with_clock(clock)?,
        };
        verifier.check()?;
        verifier.warnings().iter().for_each(|warning| warn(warning));
        Ok(Verifier(Arc::new(Inner {
            verifier,
            shared,
            keys: self.keys,
            configured_modes,
            service,
            body_timeout: self.body_timeout,
            local_health_check: self.local_health_check,
        })))
    }
}

fn configured_modes(config: &VerifierConfig) -> ModesConfig {
    let own = |sender: &SenderConfig| Some((sender.name.clone(), sender.mode.clone()?));
    let senders = config.senders.iter().filter_map(own).collect();
    ModesConfig { mode: config.mode.clone(), senders, observe_only: config.observe_only }
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "events are logged only with the feature `tracing`")
)]
fn warn(warning: &str) {
    #[cfg(feature = "tracing")]
    tracing::warn!(target: "sealwire", sealwire_event = "warning", "{warning}");
}

/// Converts a function of the application to a clock. A time that is not in milliseconds is treated as a
/// clock failure.
#[expect(clippy::cast_precision_loss, reason = "valid times have at most 47 bits")]
pub(crate) fn application_clock(now_ms: impl Fn() -> u64 + Send + Sync + 'static) -> Clock {
    Clock::new(move || clock_ms(now_ms() as f64).map_err(|wrong| warn(&format!("clock: {wrong}"))).ok())
}

fn milliseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// The rules for one sender, which replace the settings of the service.
///
/// ```
/// use sealwire::{Mode, Sender};
///
/// let rules = Sender::new("agent").mode(Mode::Observe).methods(["GET", "POST"]).path_prefixes(["/patients"]);
/// ```
#[derive(Clone, Debug)]
pub struct Sender(SenderConfig);

impl Sender {
    /// Creates rules for a sender. `name` can contain the suffix `_service`, which is ignored.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self(SenderConfig { name: name.into(), ..SenderConfig::default() })
    }

    /// Sets the effect of a rejection for requests that name this sender.
    #[must_use]
    pub fn mode(mut self, mode: Mode) -> Self {
        self.0.mode = Some(mode.name().into());
        self
    }

    /// Sets the HTTP methods that the sender may use. Default: all methods.
    #[must_use]
    pub fn methods<N: Into<String>>(mut self, methods: impl IntoIterator<Item = N>) -> Self {
        self.0.methods = methods.into_iter().map(Into::into).collect();
        self
    }

    /// Sets the path prefixes that the sender may use. A prefix includes all paths below it. Default: all
    /// paths.
    #[must_use]
    pub fn path_prefixes<N: Into<String>>(mut self, prefixes: impl IntoIterator<Item = N>) -> Self {
        self.0.path_prefixes = prefixes.into_iter().map(Into::into).collect();
        self
    }
}
