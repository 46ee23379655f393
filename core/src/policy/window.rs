//! Time windows for signed timestamps.

use crate::wire::reason::Reason;

/// The value to pass as the time in milliseconds if the clock failed. Verifiers then reject all timestamps.
/// The value is 2^53 - 1, the largest safe integer in JavaScript.
pub const UNKNOWN_TIME_MS: u64 = (1 << 53) - 1;

/// The allowed difference between a timestamp and the current time, in milliseconds. The limits are inclusive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The maximum age of a timestamp, in milliseconds.
    pub past_ms: u64,
    /// The maximum time in milliseconds that a timestamp may be in the future. A value above 0 tolerates
    /// clock differences.
    pub future_ms: u64,
}

impl Window {
    /// The default window for `message` and `pairwise`, which is 300 s in the past and 5 s in the future.
    pub const DEFAULT: Self = Self { past_ms: 300_000, future_ms: 5_000 };
    /// The default window for `client`, which is 300 s in the past and 300 s in the future. The original
    /// setting `maxClockSkew` of this scheme also has one value for both directions.
    pub const SYMMETRIC: Self = Self { past_ms: 300_000, future_ms: 300_000 };
}

/// A signed timestamp in the unit of its scheme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Timestamp {
    value: u64,
    unit: Unit,
}

/// The unit of a timestamp. It is an enum instead of a number of milliseconds, so that the compiler divides
/// by a constant, which is faster than dividing by a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Millisecond,
}

impl Unit {
    const fn milliseconds(self, units: u64) -> u64 {
        match self {
            Self::Second => units.saturating_mul(1000),
            Self::Millisecond => units,
        }
    }

    /// Converts milliseconds to units, rounded down.
    const fn whole(self, milliseconds: u64) -> u64 {
        match self {
            Self::Second => milliseconds / 1000,
            Self::Millisecond => milliseconds,
        }
    }
}

impl Timestamp {
    pub(crate) const fn seconds(value: u64) -> Self {
        Self { value, unit: Unit::Second }
    }

    pub(crate) const fn milliseconds(value: u64) -> Self {
        Self { value, unit: Unit::Millisecond }
    }

    pub(crate) const fn in_ms(self) -> u64 {
        self.unit.milliseconds(self.value)
    }

    pub(crate) const fn second(self) -> u64 {
        match self.unit {
            Unit::Second => self.value,
            Unit::Millisecond => self.value / 1000,
        }
    }

    /// Returns the age in milliseconds, with the precision of the unit. The age is negative if the timestamp
    /// is in the future.
    pub(crate) fn age_ms(self, now_ms: u64) -> i64 {
        let now = self.unit.whole(now_ms);
        let distance = self.unit.milliseconds(now.abs_diff(self.value));
        let distance = i64::try_from(distance).unwrap_or(i64::MAX);
        if now >= self.value { distance } else { -distance }
    }

    pub(crate) fn check(self, window: Window, now_ms: u64) -> Result<(), Reason> {
        if now_ms == UNKNOWN_TIME_MS {
            return Err(Reason::StaleTimestamp);
        }
        let age = self.age_ms(now_ms);
        let limit = if age < 0 { window.future_ms } else { window.past_ms };
        match (age.unsigned_abs() <= limit, age < 0) {
            (true, _) => Ok(()),
            (false, true) => Err(Reason::FutureTimestamp),
            (false, false) => Err(Reason::StaleTimestamp),
        }
    }

    /// Returns the first Unix second in which the timestamp is stale. The replay store must keep the nonce
    /// until then.
    pub(crate) const fn nonce_expires(self, window: Window) -> u64 {
        let last = self.value.saturating_add(self.unit.whole(window.past_ms));
        Self { value: last, unit: self.unit }.second().saturating_add(1)
    }
}

#[cfg(test)]
mod tests {
    use super::{Timestamp, UNKNOWN_TIME_MS, Window};
    use crate::Reason::{FutureTimestamp, StaleTimestamp};

    #[test]
    fn boundaries_are_inclusive_in_the_scheme_s_unit() {
        let signed = Timestamp::seconds(1000);
        assert_eq!(signed.check(Window::DEFAULT, 1_300_999), Ok(()));
        assert_eq!(signed.check(Window::DEFAULT, 1_301_000), Err(StaleTimestamp));
        assert_eq!(signed.check(Window::DEFAULT, 995_000), Ok(()));
        assert_eq!(signed.check(Window::DEFAULT, 994_999), Err(FutureTimestamp));
        let signed = Timestamp::milliseconds(1_000_000);
        assert_eq!(signed.check(Window::SYMMETRIC, 1_300_000), Ok(()));
        assert_eq!(signed.check(Window::SYMMETRIC, 1_300_001), Err(StaleTimestamp));
        assert_eq!(signed.check(Window::SYMMETRIC, 699_999), Err(FutureTimestamp));
    }

    #[test]
    fn no_timestamp_overflows() {
        for signed in [Timestamp::seconds(u64::MAX), Timestamp::milliseconds(u64::MAX)] {
            assert_eq!(signed.check(Window::DEFAULT, 0), Err(FutureTimestamp));
            assert!(signed.nonce_expires(Window::DEFAULT) > 0);
        }
        assert_eq!(Timestamp::milliseconds(0).check(Window::DEFAULT, u64::MAX), Err(StaleTimestamp));
    }

    #[test]
    fn no_timestamp_is_valid_at_an_unknown_time() {
        for signed in [0, 1, UNKNOWN_TIME_MS / 1000, UNKNOWN_TIME_MS, u64::MAX] {
            for signed in [Timestamp::seconds(signed), Timestamp::milliseconds(signed)] {
                assert_eq!(signed.check(Window::SYMMETRIC, UNKNOWN_TIME_MS), Err(StaleTimestamp));
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn nonces_are_stored_until_the_timestamp_is_stale(value in 0..1u64 << 40, now_ms in 0..1u64 << 41, past_ms in 0..1u64 << 20) {
            let window = Window { past_ms, future_ms: 5_000 };
            for signed in [Timestamp::seconds(value / 1000), Timestamp::milliseconds(value)] {
                if signed.check(window, now_ms).is_ok() {
                    proptest::prop_assert!(now_ms / 1000 < signed.nonce_expires(window));
                }
            }
        }
    }
}
