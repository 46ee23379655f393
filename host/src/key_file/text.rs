//! Handles text that editors wrote.

/// Removes a byte order mark, which editors on Windows write at the start of a file.
pub(crate) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
