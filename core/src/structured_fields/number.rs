//! Integers, decimals and dates (RFC 9651 sections 3.3.1, 3.3.2, 3.3.7).

use super::cursor::{Cursor, Parsed};

pub(super) const MAX_INTEGER_DIGITS: usize = 15;
const MAX_WHOLE_DIGITS: usize = 12;
const MAX_FRACTION_DIGITS: usize = 3;

/// A decimal number, which is stored as an integer number of thousandths, so no precision is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decimal {
    /// The number multiplied by 1000.
    pub thousandths: i64,
}

/// An integer or a decimal.
pub(super) enum Number {
    Integer(i64),
    Decimal(Decimal),
}

pub(super) fn parse_number(cursor: &mut Cursor<'_>) -> Parsed<Number> {
    let sign = if cursor.eat(b'-') { -1 } else { 1 };
    let start = *cursor;
    let whole = cursor.take_while(|byte| byte.is_ascii_digit());
    if whole.is_empty() {
        return Err(cursor.error("a digit"));
    }
    if cursor.eat(b'.') {
        let thousandths = parse_decimal(whole, cursor)?;
        cursor.is_canonical = false; // decimals are rare, so their form is not checked
        return Ok(Number::Decimal(Decimal { thousandths: sign * thousandths }));
    }
    if whole.len() > MAX_INTEGER_DIGITS {
        return Err(start.error("an integer of at most 15 digits"));
    }
    cursor.is_canonical &= whole.first() != Some(&b'0') || (whole.len() == 1 && sign > 0);
    Ok(Number::Integer(sign * to_integer(whole)))
}

pub(super) fn parse_date(cursor: &mut Cursor<'_>) -> Parsed<i64> {
    cursor.expect(b'@', "'@'")?;
    let start = *cursor;
    match parse_number(cursor)? {
        Number::Integer(seconds) => Ok(seconds),
        Number::Decimal(_) => Err(start.error("a whole number of seconds")),
    }
}

fn parse_decimal(whole: &[u8], cursor: &mut Cursor<'_>) -> Parsed<i64> {
    if whole.len() > MAX_WHOLE_DIGITS {
        return Err(cursor.error("at most 12 digits before the decimal point"));
    }
    let start = *cursor;
    let fraction = cursor.take_while(|byte| byte.is_ascii_digit());
    let scale = match fraction.len() {
        1 => 100,
        2 => 10,
        MAX_FRACTION_DIGITS => 1,
        _ => return Err(start.error("one to three digits after the decimal point")),
    };
    Ok(to_integer(whole) * 1000 + to_integer(fraction) * scale)
}

/// Converts at most 15 digits to an integer, so the result cannot overflow.
fn to_integer(digits: &[u8]) -> i64 {
    digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'))
}
