//! The rules for the setting `clock`, which lets the tests of an application control the time.

use std::sync::Arc;

use sealwire_core::replay::{Entry, Fill, Nonce, Outcome, ReplayStore, SenderShare};

use crate::config_error::{ConfigError, error};
use crate::settings::decimal;

/// The range of numbers that are probably Unix seconds, from 2001 to 5138. Interpreted as milliseconds, these
/// numbers would be times from 1970 to 1973, which no correct clock returns.
const SECONDS: core::ops::Range<f64> = 1e9..1e11;
/// The upper limit of valid times in Unix milliseconds, in the year 5138. The current time in microseconds or
/// nanoseconds exceeds this limit.
const LATEST_MS: f64 = 1e14;

/// Validates a time returned by the application's clock.
///
/// # Errors
/// A description of the invalid value, to which callers add the prefix `clock: `.
pub fn clock_ms(value: f64) -> Result<u64, String> {
    if value.fract() != 0.0 || !(0.0..LATEST_MS).contains(&value) || SECONDS.contains(&value) {
        return Err(format!(
            "it returned {}, and must return Unix milliseconds, a whole number",
            decimal(value)
        ));
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number from 0 to 10^14"
    )]
    Ok(value as u64)
}

/// Returns the error for a configuration that combines the setting `clock` with a replay store shared by
/// several processes.
#[must_use]
pub fn clock_conflict() -> ConfigError {
    error(
        "clock",
        "remove it, or set replay to a table of this process. A mapped file and a store that hosts share cannot be used with \
         clock, because at another time this process would replace nonces that other processes need",
    )
}

/// A replay table for a verifier whose setting `clock` is set. It ignores the creation time of the wrapped
/// table, because that time comes from the system clock.
#[derive(Debug)]
pub(crate) struct Undated(Arc<dyn ReplayStore>);

impl Undated {
    /// Wraps a replay table that only this process uses.
    ///
    /// # Errors
    /// [`clock_conflict`] if the store is shared with other processes.
    pub(crate) fn new(store: Arc<dyn ReplayStore>) -> Result<Self, ConfigError> {
        if store.is_shared() { Err(clock_conflict()) } else { Ok(Self(store)) }
    }
}

impl ReplayStore for Undated {
    fn locate(&self, nonce: Nonce<'_>) -> Entry {
        self.0.locate(nonce)
    }

    fn seen(&self, entry: &Entry, now_s: u64) -> bool {
        self.0.seen(entry, now_s)
    }

    fn claim(&self, entry: &Entry, expires_s: u64, now_s: u64) -> Outcome {
        self.0.claim(entry, expires_s, now_s)
    }

    fn claim_within(&self, entry: &Entry, share: SenderShare<'_>, expires_s: u64, now_s: u64) -> Outcome {
        self.0.claim_within(entry, share, expires_s, now_s)
    }

    fn fill(&self, now_s: u64) -> Fill {
        self.0.fill(now_s)
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn clear(&self) -> bool {
        self.0.clear()
    }
}

#[cfg(test)]
mod tests {
    use super::clock_ms;

    #[test]
    fn a_clock_returns_unix_milliseconds() {
        for valid in [0.0, 1.0, 86_400_000.0, 1_764_446_400_123.0, 99_999_999_999_999.0] {
            assert_eq!(clock_ms(valid).map(|ms| ms as f64), Ok(valid));
        }
    }

    #[test]
    fn a_clock_does_not_return_another_unit_or_a_fraction() {
        let seconds = 1_764_446_400.0;
        for wrong in [-1.0, 0.5, f64::NAN, f64::INFINITY, seconds, seconds * 1e6, seconds * 1e9, 1e300] {
            assert!(clock_ms(wrong).is_err_and(|message| message.contains("Unix milliseconds")), "{wrong}");
        }
    }
}
