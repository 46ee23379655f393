//! Parsers for times in captures and on the command line.

use crate::key_file::seconds_of_date;

/// The last millisecond of the year 9999, in Unix time.
const MAX_MS: u64 = 253_402_300_799_999;

/// Parses Unix seconds, or ISO 8601 with a time zone.
pub(super) fn of_text(text: &str) -> Option<u64> {
    let text = text.trim();
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    if !is_number {
        return of_iso(text);
    }
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let milliseconds = fraction_ms(fraction)?;
    whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(milliseconds).filter(|ms| *ms <= MAX_MS)
}

/// Parses an ISO 8601 date with a time and a time zone.
pub(super) fn of_iso(text: &str) -> Option<u64> {
    let has_zone = text.ends_with(['Z', 'z']) || text.get(19..).is_some_and(|rest| rest.contains(['+', '-']));
    let fraction = text.get(19..).and_then(|rest| rest.strip_prefix('.')).unwrap_or_default();
    let digits = fraction.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(fraction.len());
    let milliseconds = fraction_ms(fraction.get(..digits)?)?;
    let seconds = seconds_of_date(text).filter(|_| has_zone)?;
    u64::try_from(seconds).ok()?.checked_mul(1000)?.checked_add(milliseconds).filter(|ms| *ms <= MAX_MS)
}

/// Parses an HTTP date, such as `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(super) fn of_http_date(text: &str) -> Option<u64> {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let words: Vec<&str> = text.split_whitespace().collect();
    let [_, day, month, year, time, "GMT"] = words.as_slice() else { return None };
    let month = MONTHS.iter().position(|name| name == month)? + 1;
    of_iso(&format!("{year}-{month:02}-{day}T{time}Z"))
}

fn fraction_ms(digits: &str) -> Option<u64> {
    let three: String = digits.chars().chain("000".chars()).take(3).collect();
    three.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::{of_http_date, of_iso, of_text};

    #[test]
    fn times_are_milliseconds() {
        assert_eq!(of_text("951782400"), Some(951_782_400_000));
        assert_eq!(of_text("951782400.25"), Some(951_782_400_250));
        assert_eq!(of_iso("2000-02-29T00:00:00Z"), Some(951_782_400_000));
        assert_eq!(of_iso("2000-02-29T01:00:00.5+01:00"), Some(951_782_400_500));
        assert_eq!(of_http_date(" Tue, 29 Feb 2000 00:00:00 GMT"), Some(951_782_400_000));
        for text in ["", "soon", "2000-02-29", "2000-02-29T00:00:00", "99999999999999", "-1", "1.x"] {
            assert_eq!(of_text(text), None, "{text}");
        }
    }
}
