//! A replay store in Redis or Valkey, which several hosts share.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};
use redis::{Client, Cmd, FromRedisValue, InfoDict, RedisError, cmd};
use sealwire_core::replay::Outcome;
use sealwire_host::{ConfigError, fresh_nonce, now_ms};

use crate::replay::{Claim, SharedStore};

const PREFIX: &str = "sealwire:replay:";
const TIMEOUT: Duration = Duration::from_millis(500);
/// The time added to the lifetime of a claim, because another verifier's clock can be behind.
const MARGIN_MS: u64 = 5 * 1000;
const POLICY: &str = "maxmemory_policy";
const KEEPS_EVERY_KEY: &str = "noeviction";
/// The error codes of a server that is temporarily not ready.
const NOT_READY: [&str; 4] = ["LOADING", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN"];
/// The error codes that require a configuration change, each with advice. `{prefix}` is replaced with the
/// key prefix.
const ADVICE: [(&str, &str); 5] = [
    ("NOAUTH", "rejects the user or the password; set username and password of the client"),
    ("WRONGPASS", "rejects the user or the password; set username and password of the client"),
    (
        "NOPERM",
        "does not let this user run SET on these keys; grant it, e.g. ACL SETUSER <user> +set ~{prefix}*",
    ),
    ("READONLY", "is a read-only replica; connect to the primary"),
    ("OOM", "has no memory left; raise maxmemory"),
];

/// Claims nonces in Redis (2.6.12 or newer) or Valkey, with a single `SET key 1 NX PX milliseconds` command
/// per request. Requests are rejected with status 503 while the server does not respond or cannot store
/// claims.
///
/// ```no_run
/// # async fn start(keys: sealwire::KeyRing) -> Result<(), Box<dyn std::error::Error>> {
/// use sealwire::{ReplayTable, Verifier, redis::RedisStore};
///
/// let store = RedisStore::connect("redis://replay.internal/0").await?;
/// store.check().await?;
/// let verifier = Verifier::builder("practices", &keys).replay(ReplayTable::shared(store)).build()?;
/// # Ok(())
/// # }
/// ```
pub struct RedisStore<C = ConnectionManager> {
    connection: C,
    prefix: String,
    timeout: Duration,
    allow_eviction: bool,
    check_due: AtomicBool,
}

impl RedisStore {
    /// Connects to a server, and reconnects if the connection is lost.
    ///
    /// # Errors
    /// Returns a [`ConfigError`] if the URL is invalid or the server does not respond.
    pub async fn connect(url: &str) -> Result<Self, ConfigError> {
        let config =
            ConnectionManagerConfig::new().set_response_timeout(Some(TIMEOUT)).set_number_of_retries(1);
        let client = Client::open(url).map_err(|cause| error(&format!("is not a Redis URL ({cause})")))?;
        let connection = client.get_connection_manager_with_config(config).await;
        let connection = connection.map_err(|cause| {
            let fault = fault_of(&cause, PREFIX);
            error(&fault.unwrap_or_else(|| format!("does not respond ({})", cause.category())))
        })?;
        Ok(Self::new(connection))
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> RedisStore<C> {
    /// Creates a store that uses an existing connection, such as a connection to a cluster.
    #[must_use]
    pub fn new(connection: C) -> Self {
        Self {
            connection,
            prefix: PREFIX.into(),
            timeout: TIMEOUT,
            allow_eviction: false,
            check_due: AtomicBool::new(true),
        }
    }

    /// Sets the prefix of the Redis keys. Default: `sealwire:replay:`.
    #[must_use]
    pub fn prefix(self, prefix: &str) -> Self {
        Self { prefix: prefix.into(), ..self }
    }

    /// Sets the maximum time to wait for the response to a claim. Default: 500 milliseconds.
    #[must_use]
    pub fn timeout(self, timeout: Duration) -> Self {
        Self { timeout, ..self }
    }

    /// Accepts a server that evicts keys when memory is low. A replayed request is accepted if its nonce
    /// was evicted.
    #[must_use]
    pub fn allow_eviction(self) -> Self {
        Self { allow_eviction: true, ..self }
    }

    /// Checks whether the server can store claims. The check sends a trial claim and reads the eviction
    /// policy. Call this function before the service accepts requests. The store's first claim, and the
    /// first claim after an outage, also perform this check.
    ///
    /// # Errors
    /// Returns a [`ConfigError`], which contains the required fix.
    pub async fn check(&self) -> Result<(), ConfigError> {
        let trial = fresh_nonce().map_err(|cause| error(&cause.to_string()))?;
        // With XX, SET stores a value only if the key exists. The key does not exist, so the trial stores no
        // data.
        let name = format!("{}trial:{}", self.prefix, trial.as_str());
        let set = cmd("SET").arg(name).arg("1").arg("XX").arg("PX").arg(1).to_owned();
        self.ask::<Option<String>>(&set).await.map_err(|fault| error(&fault))?;
        let info = self.ask::<InfoDict>(cmd("INFO").arg("memory")).await;
        // A failure of INFO is not an error, because an ACL can forbid the command and a proxy can lack it.
        let policy = info.ok().and_then(|info| info.get::<String>(POLICY));
        match policy.filter(|policy| policy != KEEPS_EVERY_KEY && !self.allow_eviction) {
            Some(policy) => Err(error(&format!(
                "has maxmemory-policy {policy}, so it can evict nonces, which could then be accepted again; set noeviction, \
                 or allow_eviction() to accept that"
            ))),
            None => {
                self.check_due.store(false, Relaxed);
                Ok(())
            }
        }
    }

    async fn first(&self, key: [u8; 32], expires_s: u64) -> Result<bool, String> {
        if self.check_due.load(Relaxed) {
            self.check().await.map_err(|cause| cause.advice)?;
        }
        let kept_ms =
            expires_s.saturating_mul(1000).saturating_sub(now_ms()).max(1).saturating_add(MARGIN_MS);
        let name = format!("{}{}", self.prefix, hex::encode(key));
        let set = cmd("SET").arg(name).arg("1").arg("NX").arg("PX").arg(kept_ms).to_owned();
        Ok(self.ask::<Option<String>>(&set).await?.is_some())
    }

    /// Sends a command. On failure, returns an error message for the operator.
    async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, String> {
        let mut connection = self.connection.clone();
        match tokio::time::timeout(self.timeout, command.query_async(&mut connection)).await {
            Ok(Ok(reply)) => Ok(reply),
            Ok(Err(cause)) => {
                let silent = || format!("does not respond ({})", cause.category());
                Err(fault_of(&cause, &self.prefix).unwrap_or_else(silent))
            }
            Err(_elapsed) => Err(format!("does not respond within {} ms", self.timeout.as_millis())),
        }
    }
}

impl<C: ConnectionLike + Clone + Send + Sync> SharedStore for RedisStore<C> {
    fn claim<'a>(&'a self, key: [u8; 32], expires_s: u64) -> Claim<'a> {
        Box::pin(async move {
            match self.first(key, expires_s).await {
                Ok(true) => Outcome::First,
                Ok(false) => Outcome::Seen,
                Err(fault) => {
                    // After a failure, the connection may lead to a different server, so the next claim
                    // checks the server.
                    self.check_due.store(true, Relaxed);
                    report(&fault);
                    Outcome::Unavailable
                }
            }
        })
    }
}

impl<C> std::fmt::Debug for RedisStore<C> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RedisStore").field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

/// Returns an error message with the required fix. Returns `None` for a failure that may be temporary, such
/// as a server that is not ready.
fn fault_of(cause: &RedisError, prefix: &str) -> Option<String> {
    let code = cause.code().filter(|code| !NOT_READY.contains(code))?;
    let known = ADVICE.iter().find(|(known, _)| *known == code);
    Some(match known {
        Some((_, advice)) => advice.replace("{prefix}", prefix),
        None => format!("responds with the error {code}; Redis 2.6.12 or newer, or Valkey, is needed"),
    })
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(unused_variables, reason = "events are logged only with the feature `tracing`")
)]
fn report(fault: &str) {
    #[cfg(feature = "tracing")]
    tracing::error!(target: "sealwire", sealwire_event = "replay_store_down", "the replay store {fault}; requests are rejected");
}

fn error(fault: &str) -> ConfigError {
    ConfigError { entry: "replay".into(), advice: format!("the Redis server {fault}") }
}
