//! Parses secrets in configurations. A secret is either Base64-encoded, or its UTF-8 bytes are the key.

use sealwire_core::keys::{KeyRingError, decode_base64};
use zeroize::Zeroizing;

use crate::ConfigError;
use crate::redact::shown;

/// Decodes a Base64-encoded secret. Surrounding whitespace is ignored, because files and secret stores often
/// add it.
///
/// # Errors
/// [`ConfigError`] for `entry` if the text is not padded standard Base64.
pub fn base64_secret(entry: &str, text: &str) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    let mut buffer = Zeroizing::new(vec![0; text.len()]);
    let length = decode_base64(text, &mut buffer)
        .map(<[u8]>::len)
        .map_err(|cause| error(entry, &cause.to_string()))?;
    buffer.truncate(length);
    Ok(buffer)
}

/// Returns the UTF-8 bytes of a secret.
///
/// # Errors
/// [`ConfigError`] for `entry` if the text is surrounded by whitespace, invisible characters or quotes. These
/// are probably unintended. If they became part of the key, signatures made with the intended secret would be
/// rejected.
pub fn text_secret(entry: &str, text: &str) -> Result<Zeroizing<Vec<u8>>, ConfigError> {
    match fault(text) {
        Some(fault) => Err(error(
            entry,
            &format!(
                "the secret {fault}; remove it, or pass the secret as bytes (in a key file: raw = true) if it is intended"
            ),
        )),
        None => Ok(Zeroizing::new(text.as_bytes().to_vec())),
    }
}

fn fault(text: &str) -> Option<&'static str> {
    let (first, last) = (text.chars().next()?, text.chars().next_back()?);
    Some(match (first, last) {
        ('\u{feff}', _) => "starts with a byte order mark",
        (_, '\n' | '\r') => "ends in a line break",
        _ if is_blank(first) || is_blank(last) => "starts or ends with white space or an invisible character",
        ('"', '"') | ('\'', '\'') | ('`', '`') if text.len() > 1 => "has quotes around it",
        _ if text.chars().any(char::is_control) => "contains a control character",
        _ => return None,
    })
}

fn is_blank(char: char) -> bool {
    char.is_whitespace()
        || char.is_control()
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

/// Converts a key ring error. Names that could be secrets are hidden.
#[must_use]
pub fn ring_error(cause: KeyRingError) -> ConfigError {
    let text = cause.to_string();
    let prefix = format!("key ring entry {}: ", cause.entry);
    let advice = text.strip_prefix(&prefix).unwrap_or(&text);
    error(&format!("key ring entry {}", shown(&cause.entry)), advice)
}

fn error(entry: &str, advice: &str) -> ConfigError {
    ConfigError { entry: entry.into(), advice: advice.into() }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::text_secret;

    #[test]
    fn invisible_characters_around_a_secret_are_reported() {
        let cases = [
            ("s3cret\n", "ends in a line break"),
            ("s3cret\r\n", "ends in a line break"),
            (" s3cret", "white space"),
            ("s3cret\u{a0}", "white space"),
            ("s3cret\u{200b}", "invisible"),
            ("\u{feff}s3cret", "byte order mark"),
            ("\"s3cret\"", "quotes"),
            ("'s3cret'", "quotes"),
            ("s3\0cret", "control character"),
        ];
        for (text, words) in cases {
            let error = text_secret("billing", text).expect_err("it is rejected").to_string();
            assert!(error.starts_with("billing: the secret ") && error.contains(words), "{error}");
            assert!(!error.contains("s3cret"), "{error}");
        }
        assert_eq!(
            **text_secret("billing", "it's a \"secret\"").expect("only quotes inside"),
            *b"it's a \"secret\""
        );
    }
}
