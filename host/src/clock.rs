//! The clock of this process. It provides the time for signing, for verification and for the creation times
//! of replay tables.
//!
//! All code reads the time through the standard library, which calls libc. Tools that change the time of a
//! process, such as libfaketime, therefore affect all code in the same way. See
//! `docs/decisions/0011-one-clock.md`.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use sealwire_core::UNKNOWN_TIME_MS;

/// The clock of a signer or verifier. It is either the system clock or a function provided by the
/// application, for example by a test that controls the time.
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<dyn Fn() -> Option<u64> + Send + Sync>>);

impl Clock {
    /// Creates a clock from a function that returns the current Unix time in milliseconds, or `None` on
    /// failure. A panic of the function is treated as `None`.
    pub fn new(read: impl Fn() -> Option<u64> + Send + Sync + 'static) -> Self {
        Self(Some(Arc::new(read)))
    }

    /// Returns the current Unix time in milliseconds, to be used for verification. If the clock fails, the
    /// result is [`UNKNOWN_TIME_MS`], for which verifiers reject all timestamps.
    #[inline]
    #[must_use]
    pub fn now_ms(&self) -> u64 {
        if self.0.is_none() { now_ms() } else { self.read().unwrap_or(UNKNOWN_TIME_MS) }
    }

    /// Returns the current Unix time in milliseconds, to be used for signing. Returns `None` if the clock
    /// failed.
    #[must_use]
    pub fn read(&self) -> Option<u64> {
        match &self.0 {
            None => Some(now_ms()),
            Some(read) => catch_unwind(AssertUnwindSafe(|| read())).ok().flatten(),
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() { "Clock(application)" } else { "Clock(system)" })
    }
}

/// Returns the current time in milliseconds since the Unix epoch. If the system clock is set to a time before
/// the epoch, the result is 0, so all timestamps appear to be in the future.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the current time in seconds since the Unix epoch, from the same clock as [`now_ms`].
#[must_use]
pub fn now_s() -> u64 {
    now_ms() / 1000
}

/// Returns the current time in nanoseconds since the Unix epoch, modulo 2^64, from the same clock as
/// [`now_ms`].
#[expect(clippy::cast_possible_truncation, reason = "callers only compare the low bits of two times")]
pub(crate) fn now_ns() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() as u64
}

#[cfg(test)]
mod tests {
    use super::{now_ms, now_s};

    #[test]
    fn seconds_and_milliseconds_come_from_one_clock() {
        for _ in 0..1000 {
            let (before, seconds, after) = (now_ms(), now_s(), now_ms());
            assert!((before / 1000..=after / 1000).contains(&seconds));
        }
    }
}
