//! Functions that the Rust programs of the demo share.

use sealwire::{ConfigError, KeyRing, KeySet};

/// Reads the keys from environment variables: `HMAC_SECRET_<A>_<B>` for a pair, `CLIENT_SECRET_<ID>` for a
/// client.
///
/// # Errors
/// Returns [`ConfigError`] if a secret is invalid.
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

/// Logs all events to standard output.
pub fn log() {
    tracing_subscriber::fmt().with_ansi(false).init();
}
