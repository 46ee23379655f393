//! The fuzz target for key rings. Key rings must not contain conflicting entries, and errors must not contain
//! a secret.

use sealwire_core::keys::{KeyName, KeyRingBuilder, KeySource, Strength, Version, decode_base64};
use sealwire_host::{ring_from_env, secret_variable};

const SECRET: &str = "RkVFREZBQ0VGRUVERkFDRUZFRURGQUNFRkVFREZBQ0U=";

/// Builds key rings from pairs of service names and from environment variables. Each line of the input is a
/// pair `NAME NAME` or a variable `NAME=value`.
pub fn key_names(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    pairs(text);
    variables(text);
    let mut buffer = [0; 4096];
    if let Ok(secret) = decode_base64(text, &mut buffer) {
        assert!(secret.len() <= text.len());
    }
}

/// Checks that no two entries have the same environment variable, and that each entry is found by its name.
fn pairs(text: &str) {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let mut taken: Vec<(&str, &str)> = Vec::new();
    for (one, other) in text.lines().take(16).filter_map(|line| line.split_once(' ')) {
        let version = Version { number: 1, secret: b"an example secret of 32 bytes ok" };
        if builder.add(KeyName::Pair(one, other), &[version], 1).is_ok() {
            let variable = secret_variable(one, other);
            assert!(
                taken.iter().all(|(a, b)| secret_variable(a, b) != variable),
                "two entries have the same variable"
            );
            taken.push((one, other));
        }
    }
    let ring = builder.build();
    for (one, other) in &taken {
        assert!(
            ring.find(KeyName::Pair(one, other)).is_some() && ring.find(KeyName::Pair(other, one)).is_some()
        );
    }
}

fn variables(text: &str) {
    let given = text.lines().take(16).filter_map(|line| line.split_once('='));
    // Errors contain the names of variables, so only values can be secrets.
    let given = given.filter(|(name, _)| !shows_a_secret(name));
    let given = given.map(|(name, value)| (format!("HMAC_{name}"), value.to_owned()));
    let sample = [("HMAC_SECRET_AGENT_PRACTICES_V7".to_owned(), SECRET.to_owned())];
    match ring_from_env(sample.into_iter().chain(given), "practices", Strength::Required) {
        Ok(ring) => assert!(!shows_a_secret(&format!("{ring:?}"))),
        Err(error) => assert!(!shows_a_secret(&format!("{error} {error:?}")), "an error shows a secret"),
    }
}

/// Returns `true` if the text contains a part of the sample secret, encoded or decoded.
fn shows_a_secret(text: &str) -> bool {
    text.contains("FEEDFACE") || text.contains("RkVFREZBQ0")
}
