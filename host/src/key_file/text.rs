//! Handles text that was written by text editors.

/// Removes a byte order mark, which some Windows editors write at the start of a file.
pub(crate) fn without_bom(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}
