//! The clock of this process, for signing, verification and the creation times of tables.
//!
//! All code reads the same clock through the standard library, which calls libc. Tools that change the time
//! of a process, such as libfaketime, therefore change all of it. See `docs/decisions/0011-one-clock.md`.

use std::time::{SystemTime, UNIX_EPOCH};

/// Returns the time in milliseconds since the Unix epoch. Returns 0 if the clock is set before the epoch, so
/// all timestamps are in the future.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Returns the time in seconds since the Unix epoch, from the same clock as [`now_ms`].
#[must_use]
pub fn now_s() -> u64 {
    now_ms() / 1000
}

/// Returns the time in nanoseconds since the Unix epoch, modulo 2^64, from the same clock as [`now_ms`].
#[expect(clippy::cast_possible_truncation, reason = "only the low bits are used, to tell two moments apart")]
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
