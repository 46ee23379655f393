//! The configuration error, and helpers that validate individual values.

use sealwire_core::{MAX_ID_BYTES, Text, canonical_name, is_client_id, is_service_name};

/// An invalid configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The name of the invalid setting or entry.
    pub entry: String,
    /// How to fix the setting.
    pub advice: String,
}

impl core::fmt::Display for ConfigError {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}: {}", self.entry, self.advice)
    }
}

impl core::error::Error for ConfigError {}

/// Validates a sender name and returns its canonical form.
pub(crate) fn sender_name(entry: &str, name: &str) -> Result<Text<MAX_ID_BYTES>, ConfigError> {
    if !is_service_name(name.as_bytes()) && !is_client_id(name.as_bytes()) {
        return Err(error(
            entry,
            "pass the name of a service or client: 1 to 128 visible characters other than : , \" and \\",
        ));
    }
    text(entry, canonical_name(name), "a sender's name has at most 128 characters")
}

/// Rejects a second entry for the same sender, because it would have no effect.
pub(crate) fn distinct_senders<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Result<(), ConfigError> {
    for (at, name) in names.clone().enumerate() {
        if let Some(other) =
            names.clone().take(at).find(|other| canonical_name(other) == canonical_name(name))
        {
            return Err(error(
                "senders",
                &format!("{other:?} and {name:?} are the same sender; keep one of the two entries"),
            ));
        }
    }
    Ok(())
}

pub(crate) fn text<const N: usize>(entry: &str, value: &str, advice: &str) -> Result<Text<N>, ConfigError> {
    Text::new(value).ok_or_else(|| error(entry, advice))
}

pub(crate) fn error(entry: &str, advice: &str) -> ConfigError {
    ConfigError { entry: entry.into(), advice: advice.into() }
}
