//! The clock of this process. Everything that signs, verifies or dates a table reads it here.
//!
//! There is one clock, read through the standard library, which calls libc. A tool that shifts the time of a process, such as
//! libfaketime, then shifts all of it; see `docs/decisions/0011-one-clock.md`.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch; 0 for a clock set before it, so that every request is in the future.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds since the Unix epoch, by the same clock as [`now_ms`].
#[must_use]
pub fn now_s() -> u64 {
    now_ms() / 1000
}

/// Nanoseconds since the Unix epoch, modulo 2^64, by the same clock as [`now_ms`].
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
