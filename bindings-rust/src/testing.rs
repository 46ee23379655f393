//! Tools for the tests of a service that uses Sealwire.
//!
//! ```
//! use http::Request;
//! use sealwire::{Signer, Verifier, testing};
//!
//! let keys = testing::key_ring(["agent", "practices"], [])?;
//! let verifier = Verifier::builder("practices", &keys).replay(testing::replay_table()?).build()?;
//! let signer = Signer::builder("agent", &keys).receiver("practices").build()?;
//!
//! let request = testing::sign(&signer, Request::get("/items").body(String::new())?)?;
//! assert_eq!(verifier.verify(&request)?.sender, "agent");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use http::Request;
use http::header::{HOST, HeaderValue};
use sealwire_core::Scheme;
use sealwire_host::{now_ms, random_bytes};

use crate::{ConfigError, Identity, KeyRing, KeySet, ReplayTable, SignError, Signer, Verifier};

/// The `Host` header of test requests whose URI contains no authority.
const LOCALHOST: &str = "localhost";
/// The receiver of the requests that [`identity`] signs.
const RECEIVER: &str = "sealwire-testing";
const SECRET_BYTES: usize = 32;

/// Returns a key ring with new random secrets. It contains a key for each pair of `services` and for each client id in `clients`.
///
/// # Errors
/// Returns a [`ConfigError`] for an invalid name, or if the operating system provides no random bytes.
pub fn key_ring<const S: usize, const C: usize>(
    services: [&str; S],
    clients: [&str; C],
) -> Result<KeyRing, ConfigError> {
    let mut ring = KeyRing::builder();
    for (at, one) in services.iter().enumerate() {
        for other in services.iter().skip(at + 1) {
            ring = ring.pair(one, other, key_set()?);
        }
    }
    for id in clients {
        ring = ring.client(id, key_set()?);
    }
    ring.build()
}

/// Returns a key set with one version of a new random secret.
///
/// # Errors
/// Returns a [`ConfigError`] if the operating system provides no random bytes.
pub fn key_set() -> Result<KeySet, ConfigError> {
    let secret = random_bytes::<SECRET_BYTES>();
    secret
        .map(|secret| KeySet::new(1, secret))
        .map_err(|cause| ConfigError { entry: "keys".into(), advice: cause.to_string() })
}

/// Returns a new replay table in the memory of this process. The table also accepts requests that were signed
/// before its creation. [`ReplayTable::clear`] removes all nonces from the table.
///
/// # Errors
/// Returns a [`ConfigError`], like [`ReplayTable::heap`].
pub fn replay_table() -> Result<ReplayTable, ConfigError> {
    ReplayTable::heap_accepting_older()
}

/// Signs a request that a test passes directly to a service, for example with tower's `oneshot`. If the
/// request has no `Host` header, this function adds one.
///
/// # Errors
/// Returns a [`SignError`], like [`Signer::sign`].
pub fn sign<B: AsRef<[u8]>>(signer: &Signer, mut request: Request<B>) -> Result<Request<B>, SignError> {
    let authority = request.uri().authority().and_then(|host| HeaderValue::from_str(host.as_str()).ok());
    let host = authority.unwrap_or(HeaderValue::from_static(LOCALHOST));
    request.headers_mut().entry(HOST).or_insert(host);
    signer.sign(request)
}

/// Returns the identity of a test request that was signed and verified with a new random key. To test a handler without the
/// middleware, insert the identity into the extensions of the request.
///
/// ```
/// use sealwire::{Scheme, testing};
///
/// let identity = testing::identity("agent", Scheme::Message, Some("alice"))?;
/// assert_eq!((identity.sender.as_str(), identity.user_id.as_deref()), ("agent", Some("alice")));
/// # Ok::<(), sealwire::ConfigError>(())
/// ```
///
/// # Errors
/// Returns a [`ConfigError`] for a name or user id that is not valid in the scheme.
pub fn identity(sender: &str, scheme: Scheme, user_id: Option<&str>) -> Result<Identity, ConfigError> {
    let keys = match scheme {
        Scheme::Client => key_ring([], [sender]),
        _ => key_ring([sender, RECEIVER], []),
    }?;
    let signer = Signer::builder(sender, &keys).schemes([scheme]).receiver(RECEIVER).build()?;
    let signer = user_id.map_or_else(|| signer.clone(), |user| signer.for_user(user));
    let request = sign(&signer, Request::new("")).map_err(|cause| invalid(&cause))?;
    let verifier = Verifier::builder(RECEIVER, &keys).schemes([scheme]).replay(replay_table()?);
    let verified = verifier.trust_unsigned_user_id().build()?.verify(&request);
    verified.map_err(|rejection| invalid(&rejection))
}

fn invalid(cause: &dyn std::error::Error) -> ConfigError {
    ConfigError { entry: "identity".into(), advice: cause.to_string() }
}

/// A clock that a test controls. All clones of a clock show the same time.
///
/// ```
/// use std::time::Duration;
/// use http::Request;
/// use sealwire::{Reason, Signer, Verifier, testing};
///
/// let (keys, clock) = (testing::key_ring(["agent", "practices"], [])?, testing::ManualClock::new());
/// let replay = testing::replay_table()?;
/// let verifier = Verifier::builder("practices", &keys).replay(replay).clock(clock.reader()).build()?;
/// let signer = Signer::builder("agent", &keys).receiver("practices").clock(clock.reader()).build()?;
///
/// let request = testing::sign(&signer, Request::get("/items").body("")?)?;
/// clock.advance(Duration::from_secs(301));
/// assert_eq!(verifier.verify(&request).unwrap_err().reason(), Reason::StaleTimestamp);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock(Arc<AtomicU64>);

impl ManualClock {
    /// Creates a clock that starts at the current time.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "a default value would depend on the time")]
    pub fn new() -> Self {
        Self::at(now_ms())
    }

    /// Creates a clock that starts at `now_ms`, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn at(now_ms: u64) -> Self {
        Self(Arc::new(AtomicU64::new(now_ms)))
    }

    /// Moves the clock forward.
    pub fn advance(&self, time: Duration) {
        self.0.fetch_add(u64::try_from(time.as_millis()).unwrap_or(u64::MAX), SeqCst);
    }

    /// Sets the clock to `now_ms`, in milliseconds since the Unix epoch.
    pub fn set(&self, now_ms: u64) {
        self.0.store(now_ms, SeqCst);
    }

    /// Returns the current time of the clock, in milliseconds since the Unix epoch.
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        self.0.load(SeqCst)
    }

    /// Returns a function that reads the clock. Pass it to the setting `clock` of signers and verifiers.
    pub fn reader(&self) -> impl Fn() -> u64 + Send + Sync + use<> {
        let clock = self.clone();
        move || clock.now_ms()
    }
}
