//! Default values of settings.

use super::Language;

/// The default value of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// The setting is required.
    Required,
    /// The setting has no effect if it is omitted.
    Unset,
    /// A literal in JSON syntax.
    Is(&'static str),
    /// A duration, in milliseconds.
    Milliseconds(u64),
    /// A size in MiB.
    Mebibytes(u32),
    /// The value is determined at construction, as described by the string.
    Derived(&'static str),
}

impl DefaultValue {
    /// Returns the default as a literal of the language, or `None` if it is not a literal.
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

    /// Returns the default for the documentation.
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

/// Formats a duration in whole seconds or tenths of a second.
fn seconds(milliseconds: u64) -> String {
    let (whole, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
    if tenths == 0 { whole.to_string() } else { format!("{whole}.{tenths}") }
}
