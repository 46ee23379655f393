//! The default values of settings.

use super::Language;

/// The default value of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// The setting has no default and is required.
    Required,
    /// The setting has no default and has no effect if it is omitted.
    Unset,
    /// The default is a literal in JSON syntax.
    Is(&'static str),
    /// The default is a duration in milliseconds.
    Milliseconds(u64),
    /// The default is a size in MiB.
    Mebibytes(u32),
    /// The default is determined at construction. The string describes how it is determined.
    Derived(&'static str),
}

impl DefaultValue {
    /// Returns the default as a literal in the syntax of the language, or `None` if it is not a literal.
    #[must_use]
    pub fn literal(self, language: Language) -> Option<String> {
        match (self, language) {
            (Self::Is("true"), Language::Python) => Some("True".into()),
            (Self::Is("false"), Language::Python) => Some("False".into()),
            (Self::Is(text), _) => Some(text.into()),
            (Self::Milliseconds(number), Language::Python) => Some(seconds(number)),
            (Self::Milliseconds(number), Language::Node) => Some(number.to_string()),
            (Self::Mebibytes(number), _) => Some((u64::from(number) << 20).to_string()),
            (Self::Required | Self::Unset | Self::Derived(_), _) => None,
        }
    }

    /// Returns the default as displayed in the documentation.
    #[must_use]
    pub fn shown(self, language: Language) -> String {
        match self {
            Self::Required => "required".into(),
            Self::Unset => "none".into(),
            Self::Derived(text) => text.into(),
            Self::Mebibytes(number) => format!("{number} MiB"),
            _ => format!("`{}`", self.literal(language).unwrap_or_default()),
        }
    }
}

/// Formats a duration in seconds, with at most one decimal place.
fn seconds(milliseconds: u64) -> String {
    let (whole, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
    if tenths == 0 { whole.to_string() } else { format!("{whole}.{tenths}") }
}
