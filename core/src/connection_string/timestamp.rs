//! The timestamp of the `edt` bean. Its format is `%Y-%m-%dT%H:%M:%S%:z`, which is exactly 25 bytes long.

use time::{Date, Month, PrimitiveDateTime, Time, UtcDateTime};

/// The maximum UTC offset in minutes. An offset is less than a day (RFC 3339 section 5.6).
const MAX_OFFSET_MINUTES: u16 = 24 * 60 - 1;

/// A point in time, with the UTC offset for its text form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timestamp {
    unix_s: i64,
    offset_minutes: i16,
}

impl Timestamp {
    /// Creates a timestamp from Unix seconds and an offset in minutes east of UTC. Returns `None` if the
    /// local year is not between 0 and 9999, or if the offset is a day or more.
    #[must_use]
    pub fn new(unix_s: i64, offset_minutes: i16) -> Option<Self> {
        let timestamp = Self { unix_s, offset_minutes };
        let in_range = offset_minutes.unsigned_abs() <= MAX_OFFSET_MINUTES
            && matches!(timestamp.local().map(UtcDateTime::year), Some(0..=9999));
        in_range.then_some(timestamp)
    }

    /// Returns the Unix time in seconds.
    #[must_use]
    pub const fn unix_s(self) -> i64 {
        self.unix_s
    }

    /// Returns the offset in minutes east of UTC.
    #[must_use]
    pub const fn offset_minutes(self) -> i16 {
        self.offset_minutes
    }

    /// Returns the local date and time, represented as UTC.
    fn local(self) -> Option<UtcDateTime> {
        let local_s = self.unix_s.checked_add(i64::from(self.offset_minutes) * 60)?;
        UtcDateTime::from_unix_timestamp(local_s).ok()
    }
}

/// Writes the timestamp in its wire format.
impl core::fmt::Display for Timestamp {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let local = self.local().ok_or(core::fmt::Error)?;
        let (year, month, day) = local.to_calendar_date();
        let (hour, minute, second) = local.as_hms();
        let sign = if self.offset_minutes < 0 { '-' } else { '+' };
        let offset = self.offset_minutes.unsigned_abs();
        write!(f, "{year:04}-{:02}-{day:02}T{hour:02}:{minute:02}:{second:02}", u8::from(month))?;
        write!(f, "{sign}{:02}:{:02}", offset / 60, offset % 60)
    }
}

/// Parses a timestamp. All fields must have the full number of digits, and the offset is required. Leap
/// seconds and fractions of a second are rejected. The `time` crate validates the date.
pub(super) fn parse(text: &[u8; 25]) -> Option<Timestamp> {
    let [date @ .., b'T', h1, h2, b':', n1, n2, b':', s1, s2, sign, z1, z2, b':', z3, z4] = text else {
        return None;
    };
    let time = Time::from_hms(two(*h1, *h2)?, two(*n1, *n2)?, two(*s1, *s2)?).ok()?;
    let offset_minutes = offset(*sign, two(*z1, *z2)?, two(*z3, *z4)?)?;
    let local_s = PrimitiveDateTime::new(parse_date(date)?, time).assume_utc().unix_timestamp();
    Some(Timestamp { unix_s: local_s - i64::from(offset_minutes) * 60, offset_minutes })
}

fn parse_date(text: &[u8]) -> Option<Date> {
    let [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text else { return None };
    let year = i32::from(two(*y1, *y2)?) * 100 + i32::from(two(*y3, *y4)?);
    let month = Month::try_from(two(*m1, *m2)?).ok()?;
    Date::from_calendar_date(year, month, two(*d1, *d2)?).ok()
}

fn offset(sign: u8, hours: u8, minutes: u8) -> Option<i16> {
    let magnitude = (hours < 24 && minutes < 60).then(|| i16::from(hours) * 60 + i16::from(minutes))?;
    match sign {
        b'+' => Some(magnitude),
        b'-' => Some(-magnitude),
        _ => None,
    }
}

fn two(tens: u8, ones: u8) -> Option<u8> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then(|| tens * 10 + ones)
}
