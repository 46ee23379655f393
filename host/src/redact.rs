//! Keeps secrets out of error messages. A user may accidentally enter a secret in a setting that expects a
//! name.

/// A name is not displayed if one of its parts is longer than this number of characters. Parts are separated
/// by `-`, `_`, `.`, `/` and `:`.
const MAX_PART_CHARS: usize = 24;
const MAX_NAME_CHARS: usize = 128;

/// Returns the name for use in an error message. If the name could be a secret, the result contains only its
/// length.
#[must_use]
pub fn shown(name: &str) -> String {
    if could_be_a_secret(name) {
        let length = name.chars().count();
        return format!("<{length} characters, not shown because they could be a secret>");
    }
    name.to_owned()
}

/// Returns `true` if the name or one of its parts is long, or if a part looks random.
#[must_use]
pub fn could_be_a_secret(name: &str) -> bool {
    let parts = name.split(['-', '_', '.', '/', ':']);
    name.chars().count() > MAX_NAME_CHARS
        || name.chars().any(|char| !char.is_ascii_graphic())
        || name.contains(['+', '=', '"', '\'', '!', '$', '%', '&', '*', '#', '?'])
        || parts.into_iter().any(|part| part.chars().count() > MAX_PART_CHARS || is_mixed(part))
}

/// Returns `true` if digits, upper-case and lower-case letters are mixed as in Base64. Most camel-case names
/// contain no digits.
fn is_mixed(part: &str) -> bool {
    let is_upper = |byte: &u8| byte.is_ascii_uppercase();
    let changes =
        part.as_bytes().windows(2).filter(|two| matches!(two, [a, b] if is_upper(a) != is_upper(b))).count();
    part.len() >= 10 && changes >= 4 && part.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn names_that_could_be_secrets_are_not_shown() {
        for name in [
            "agent",
            "agent/practices",
            "billing-service",
            "accountLifeCycle",
            "maxSignedResponseBytes",
            "practices_service",
            "3f2c9a1e-5b7d-4c1a-9e8f-0a1b2c3d4e5f",
            "",
        ] {
            assert_eq!(shown(name), name);
        }
        for secret in [
            "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=",
            "0123456789abcdef0123456789abcdef",
            "correct horse battery staple",
            "aB3dE5fG7hI9-kLmN0pQrS2",
            "s3cret!",
            "a secret\n",
        ] {
            assert!(shown(secret).contains("not shown"), "{secret}");
        }
    }
}
