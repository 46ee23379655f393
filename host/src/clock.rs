//! The clock, read once per request by a binding and handed to core.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch; 0 for a clock set before it, which makes every request lie in the future.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds since the Unix epoch, for what expires in seconds. Linux keeps such a clock tick by tick: some milliseconds behind
/// at most, never ahead, and read in a fifth of the time.
#[must_use]
pub fn now_s() -> u64 {
    #[cfg(target_os = "linux")]
    let seconds = rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse).tv_sec;
    #[cfg(target_os = "linux")]
    return u64::try_from(seconds).unwrap_or_default();
    #[cfg(not(target_os = "linux"))]
    return now_ms() / 1000;
}

#[cfg(test)]
mod tests {
    use super::{now_ms, now_s};

    #[test]
    fn the_clock_of_seconds_is_close_behind_the_other() {
        let (before, seconds, after) = (now_ms(), now_s(), now_ms());
        assert!((before.saturating_sub(100) / 1000..=after / 1000).contains(&seconds));
    }
}
