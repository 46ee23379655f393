//! The keys and the log of the demo's Rust programs.

use sealwire::{ConfigError, KeyRing, KeySet};

/// The keys in the environment: `HMAC_SECRET_<A>_<B>` for a pair, `CLIENT_SECRET_<ID>` for a client.
///
/// # Errors
/// [`ConfigError`] with the entry.
pub fn keys() -> Result<KeyRing, ConfigError> {
    let mut builder = KeyRing::builder();
    for (name, secret) in std::env::vars() {
        let name = name.to_lowercase();
        if let Some((one, other)) = name.strip_prefix("hmac_secret_").and_then(|pair| pair.split_once('_')) {
            builder = builder.pair(one, other, KeySet::base64(1, &secret));
        } else if let Some(client) = name.strip_prefix("client_secret_") {
            builder = builder.client(client, KeySet::new(1, &secret));
        }
    }
    builder.build()
}

/// Writes events to the standard output.
pub fn log() {
    tracing_subscriber::fmt().with_ansi(false).init();
}
