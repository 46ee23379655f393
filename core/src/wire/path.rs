//! Detects ambiguous paths.

use crate::bytes::percent;

/// Returns `true` if all servers, proxies and applications interpret a path in the same way. `path` must not
/// include the query.
///
/// A path is ambiguous if it contains one of these parts, because a server may route it as a different path:
///
/// - a dot segment, `//`, `\` or a control character
/// - a `%` that is not followed by two hex digits
/// - a dot, slash, backslash or control character that is percent-encoded once or twice
#[must_use]
pub fn is_unambiguous(path: &[u8]) -> bool {
    let holds = |part: &[u8]| path.windows(part.len()).any(|window| window == part);
    !holds(b"//")
        && !path.iter().any(|byte| *byte == b'\\' || byte.is_ascii_control())
        && !path.split(|byte| *byte == b'/').any(is_dot_segment)
        && has_plain_codes(path)
}

/// Returns `true` for `.`, and for segments that start with `..` or `.;`, because some servers ignore the
/// rest of such a segment.
fn is_dot_segment(segment: &[u8]) -> bool {
    segment.starts_with(b"..") || segment == b"." || segment.starts_with(b".;")
}

/// Returns `true` if all percent codes are complete and none of them decodes to a special byte. See
/// [`is_special`].
fn has_plain_codes(path: &[u8]) -> bool {
    let mut rest = path;
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let Some((code, after)) = rest.get(at + 1..).and_then(code) else { return false };
        if is_special(code) || (code == b'%' && begins_special(after)) {
            return false;
        }
        rest = after;
    }
    true
}

fn is_special(byte: u8) -> bool {
    matches!(byte, b'.' | b'/' | b'\\') || byte.is_ascii_control()
}

/// Returns `true` if `text` starts with the two hex digits of a special byte or of `%`. After a `%25`, such
/// text is ambiguous, because some servers decode a path twice. The digits can also be percent-encoded.
fn begins_special(text: &[u8]) -> bool {
    let byte = character(text).and_then(|(high, after)| percent::decode(high, character(after)?.0));
    byte.is_some_and(|byte| is_special(byte) || byte == b'%')
}

/// Reads the first character of `text`, and decodes it if it is percent-encoded. Returns the byte and the
/// remaining text.
fn character(text: &[u8]) -> Option<(u8, &[u8])> {
    match text.split_first()? {
        (b'%', after) => code(after),
        (byte, after) => Some((*byte, after)),
    }
}

/// Decodes the two hex digits at the start of `text`, and returns the byte and the remaining text.
fn code(text: &[u8]) -> Option<(u8, &[u8])> {
    let ([high, low], after) = text.split_first_chunk()?;
    Some((percent::decode(*high, *low)?, after))
}

#[cfg(test)]
mod tests {
    use super::is_unambiguous;
    use std::format;

    #[test]
    fn ordinary_paths_are_unambiguous() {
        for path in [
            "",
            "/",
            "/a",
            "/a/",
            "/a.b/c..d",
            "/.well-known/x",
            "/.env",
            "/a%20b",
            "/%C3%A9",
            "/a;v=1",
            "/a%25b",
            "/100%25",
            "/100%25%20b",
            "/%25%41%42",
        ] {
            assert!(is_unambiguous(path.as_bytes()), "{path}");
        }
    }

    #[test]
    fn all_encodings_of_separators_are_ambiguous() {
        for part in [
            "..", ".", "...", "..;a", ".;a", "%2e", "%2E%2e", ".%2e", "a%2eb", "a%2fb", "a%5Cb", "a\\b", "",
            "a%", "a%2", "a%zz",
        ] {
            for path in [format!("/x/{part}/y"), format!("/{part}/y")] {
                assert!(!is_unambiguous(path.as_bytes()), "{path}");
            }
        }
        for code in
            ["2e", "2F", "5c", "25", "00", "09", "1f", "7F", "%32e", "2%65", "%32%65", "%37f", "%32%35"]
        {
            assert!(!is_unambiguous(format!("/x%25{code}").as_bytes()), "{code}");
            assert!(!is_unambiguous(format!("/x%25{code}/y").as_bytes()), "{code}");
        }
    }

    #[test]
    fn raw_and_encoded_control_characters_are_ambiguous() {
        for byte in 0..=u8::MAX {
            let expected = !byte.is_ascii_control();
            assert_eq!(
                is_unambiguous(&[b'/', b'x', byte, b'y']),
                expected && byte != b'%' && byte != b'\\',
                "{byte}"
            );
            let encoded = format!("/x%{byte:02x}y");
            assert_eq!(
                is_unambiguous(encoded.as_bytes()),
                expected && !matches!(byte, b'.' | b'/' | b'\\'),
                "{encoded}"
            );
        }
    }
}
