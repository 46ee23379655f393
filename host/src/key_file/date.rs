//! The parser for dates in the field `retireAfter`.

use toml_edit::{Date, Datetime, Offset};

const DAY_S: i64 = 86_400;

/// Parses a date, with or without a time, and returns Unix seconds. A date without a time means the end of
/// that day. A time without a time zone is in UTC.
pub(crate) fn seconds(text: &str) -> Option<i64> {
    let moment: Datetime = text.parse().ok()?;
    let start = DAY_S.checked_mul(days(moment.date?))?;
    let Some(time) = moment.time else { return start.checked_add(DAY_S) };
    let within = i64::from(time.hour) * 3600 + i64::from(time.minute) * 60 + time.second.map_or(0, i64::from);
    let offset_minutes = match moment.offset {
        Some(Offset::Custom { minutes }) => i64::from(minutes),
        Some(Offset::Z) | None => 0,
    };
    Some(start + within - offset_minutes * 60)
}

/// Returns the number of days from 1970-01-01 to the date in the Gregorian calendar.
fn days(date: Date) -> i64 {
    let (year, month, day) = (i64::from(date.year), i64::from(date.month), i64::from(date.day));
    // This calculation uses years that start in March, so that the leap day is the last day of a year.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let leap_days = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    const TO_MARCH_OF_YEAR_0: i64 = 719_468;
    year * 365 + leap_days + (month * 153 + 2) / 5 + day - 1 - TO_MARCH_OF_YEAR_0
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_date_ends_with_its_day_and_a_time_without_a_zone_is_utc() {
        assert_eq!(seconds("1970-01-01"), Some(86_400));
        assert_eq!(seconds("2030-01-31"), Some(1_896_134_400));
        assert_eq!(seconds("2030-01-31T12:00:00"), Some(1_896_091_200));
        assert_eq!(seconds("2030-01-31T12:00:00+02:00"), Some(1_896_084_000));
        assert_eq!(seconds("2000-02-29T00:00:00Z"), Some(951_782_400));
        for text in ["", "2030", "next week", "12:00:00", "2030-13-01"] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }
}
