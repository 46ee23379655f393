//! Grammars for names and ids. The grammars are strict, because the two older formats would otherwise be
//! ambiguous.
//!
//! In the signing inputs of `client` and `pairwise`, the parts are joined with a separator byte. If a part
//! could contain the separator, two different requests could have the same signing input.

use crate::bytes::byte_class;

/// The maximum length of a client id, request id, nonce or user id in bytes.
pub const MAX_ID_BYTES: usize = 128;
/// The maximum length of a service name in bytes.
pub const MAX_SERVICE_NAME_BYTES: usize = 64;
const MAX_METHOD_BYTES: usize = 32;
/// The maximum number of digits in a timestamp. Even in milliseconds, 16 digits are sufficient for more than
/// 300 000 years.
const MAX_TIMESTAMP_DIGITS: usize = 16;

/// Returns `true` for 1 to 64 characters from `A-Z a-z 0-9 _ -`. The separator `.` in `pairwise`, and the
/// separators `/` and `#` in key ids, are not allowed.
#[must_use]
pub fn is_service_name(name: &[u8]) -> bool {
    within(name, MAX_SERVICE_NAME_BYTES) && byte_class::all(name, byte_class::service_name)
}

/// Returns the canonical name of a sender or receiver, which is the name without the suffix `_service`. Some
/// systems use both forms for the same service, such as `practices` and `practices_service`. Keys, rules,
/// modes, metrics and nonces use the canonical name. The MAC covers the name as sent.
#[must_use]
pub fn canonical_name(name: &str) -> &str {
    let mut canonical = name;
    while let Some(rest) = canonical.strip_suffix("_service").filter(|rest| !rest.is_empty()) {
        canonical = rest;
    }
    canonical
}

/// Returns `true` for 1 to 128 visible ASCII characters except `:`, `,`, `"` and `\`. `:` is the separator in
/// `client`, repeated headers are joined with `,`, and `"` and `\` would have to be escaped in key ids.
#[must_use]
pub fn is_client_id(id: &[u8]) -> bool {
    within(id, MAX_ID_BYTES) && byte_class::all(id, byte_class::client_id)
}

/// Returns `true` for 1 to 128 visible ASCII characters except `:`.
pub(crate) fn is_request_id(id: &[u8]) -> bool {
    within(id, MAX_ID_BYTES) && byte_class::all(id, byte_class::request_id)
}

/// Returns `true` for 1 to 128 characters from `A-Z a-z 0-9 . _ -`. A nonce in this form is valid in all
/// schemes.
pub(crate) fn is_nonce(nonce: &[u8]) -> bool {
    within(nonce, MAX_ID_BYTES) && byte_class::all(nonce, byte_class::nonce)
}

/// Returns `true` for 1 to 128 visible ASCII characters.
pub(crate) fn is_user_id(id: &[u8]) -> bool {
    within(id, MAX_ID_BYTES) && byte_class::all(id, byte_class::visible)
}

/// Returns `true` for a token of at most 32 bytes (RFC 9110 section 5.6.2).
pub(crate) fn is_method(method: &[u8]) -> bool {
    // A fast path for the most frequent methods.
    matches!(method, b"GET" | b"POST" | b"PUT" | b"DELETE" | b"PATCH")
        || (within(method, MAX_METHOD_BYTES) && byte_class::all(method, byte_class::http_token))
}

/// Returns `true` for a request target in origin-form or `*` (RFC 9112 section 3.2). The target must be
/// visible ASCII without a fragment. Bytes above 0x7F are also accepted, because servers accept them.
pub(crate) fn is_target(target: &[u8]) -> bool {
    (target.first() == Some(&b'/') || target == b"*") && byte_class::all(target, byte_class::target)
}

/// Parses a decimal number without a sign and without leading zeros.
pub(crate) fn timestamp(digits: &[u8]) -> Option<u64> {
    if !within(digits, MAX_TIMESTAMP_DIGITS) || (digits.len() > 1 && digits.first() == Some(&b'0')) {
        return None;
    }
    digits.iter().try_fold(0_u64, |number, digit| {
        let value = digit.wrapping_sub(b'0');
        (value < 10).then(|| number.wrapping_mul(10).wrapping_add(u64::from(value)))
    })
}

/// Parses a key version, which is a decimal `u32` without leading zeros. Each version has exactly one
/// encoding.
pub(crate) fn version(digits: &[u8]) -> Option<u32> {
    timestamp(digits)?.try_into().ok()
}

fn within(bytes: &[u8], most: usize) -> bool {
    (1..=most).contains(&bytes.len())
}

#[cfg(test)]
mod tests {
    use super::{is_client_id, is_method, is_nonce, is_request_id, is_service_name, is_target, timestamp};

    #[test]
    fn timestamps_are_decimal_numbers_without_leading_zeros() {
        assert_eq!(timestamp(b"1712419200000"), Some(1_712_419_200_000));
        assert_eq!(timestamp(b"0"), Some(0));
        for bad in
            ["", "01", "+1", "-1", " 1", "1 ", "1.0", "1e3", "NaN", "0x1", "\u{661}", "12345678901234567"]
        {
            assert_eq!(timestamp(bad.as_bytes()), None, "{bad:?}");
        }
    }

    #[test]
    fn names_and_ids_cannot_contain_separators() {
        assert!(!is_service_name(b"agent.practices"));
        assert!(!is_service_name(b"agent/practices"));
        assert!(!is_client_id(b"billing:service"));
        assert!(!is_request_id(b"a:b"));
        assert!(is_request_id(b"{3f+/a=}"));
        assert!(!is_nonce(b"{3f+/a=}"));
        assert!(!is_method(b"GET:/"));
        assert!(!is_target(b"/a b"));
    }
}
