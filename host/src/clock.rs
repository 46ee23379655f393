//! The clock, read once per request by a binding and handed to core.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since the Unix epoch; 0 for a clock set before it, which makes every request lie in the future.
#[must_use]
pub fn now_ms() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// Seconds since the Unix epoch, for what expires in seconds. Linux keeps such a clock tick by tick: some milliseconds behind
/// at most, never ahead, and read in a fifth of the time. Tables are dated by it, so that what is signed by [`coarse_now_ms`] right
/// after is not older.
#[must_use]
pub fn now_s() -> u64 {
    #[cfg(target_os = "linux")]
    return u64::try_from(last_tick().tv_sec).unwrap_or_default();
    #[cfg(not(target_os = "linux"))]
    return now_ms() / 1000;
}

/// Milliseconds since the Unix epoch, by the same clock as [`now_s`]: for what is signed now, which says then that it is up to
/// ten milliseconds older than it is, and ends that much earlier. Not for verifying where a policy may forgive clocks nothing:
/// behind the sender's, this clock would find a request signed by [`now_ms`] to come from the future.
#[must_use]
pub fn coarse_now_ms() -> u64 {
    #[cfg(target_os = "linux")]
    return in_ms(last_tick());
    #[cfg(not(target_os = "linux"))]
    return now_ms();
}

/// The Unix second of the last tick at the latest, for the date of a table: what is signed by [`coarse_now_ms`] right after is not older.
/// Without that clock, which Valgrind does not let programs read.
pub(crate) fn coarse_now_s() -> u64 {
    now_ms().saturating_sub(LONGEST_TICK_MS) / 1000
}

/// At the least that kernels are built for, a hundred ticks a second.
const LONGEST_TICK_MS: u64 = 10;

#[cfg(target_os = "linux")]
fn last_tick() -> rustix::time::Timespec {
    rustix::time::clock_gettime(rustix::time::ClockId::RealtimeCoarse)
}

#[cfg(target_os = "linux")]
fn in_ms(time: rustix::time::Timespec) -> u64 {
    let part = u64::try_from(time.tv_nsec).unwrap_or_default() / 1_000_000;
    u64::try_from(time.tv_sec).map_or(0, |seconds| seconds.saturating_mul(1000).saturating_add(part))
}

#[cfg(test)]
mod tests {
    use super::{coarse_now_ms, coarse_now_s, now_ms, now_s};

    #[test]
    fn the_clock_of_seconds_is_close_behind_the_other() {
        let (before, seconds, after) = (now_ms(), now_s(), now_ms());
        assert!((before.saturating_sub(100) / 1000..=after / 1000).contains(&seconds));
    }

    #[test]
    fn a_table_is_never_younger_than_what_is_signed_next() {
        for _ in 0..1000 {
            let (before_ms, table_s, now_s, signed_ms) = (now_ms(), coarse_now_s(), now_s(), coarse_now_ms());
            assert!(before_ms.saturating_sub(100) / 1000 <= table_s);
            assert!(table_s <= now_s && now_s <= signed_ms / 1000);
        }
    }

    #[test]
    fn the_clock_of_signatures_is_close_behind_the_other() {
        for _ in 0..1000 {
            let (before, signing, after) = (now_ms(), coarse_now_ms(), now_ms());
            assert!((before.saturating_sub(100)..=after).contains(&signing));
        }
    }
}
