//! The value of a setting that is left out.

use super::Language;

/// The default of a setting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefaultValue {
    /// There is none: the setting must be given.
    Required,
    /// The setting has no effect when it is left out.
    Unset,
    /// A literal in JSON syntax.
    Is(&'static str),
    /// A duration, in milliseconds.
    Milliseconds(u32),
    /// A size in MiB.
    Mebibytes(u32),
    /// Worked out when the object is constructed, from what the text names.
    Derived(&'static str),
}

impl DefaultValue {
    /// The default as a literal of the language; `None` for a default that is no literal.
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

    /// The default as the documentation shows it.
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

/// Whole seconds, or tenths of a second.
fn seconds(milliseconds: u32) -> String {
    let (whole, tenths) = (milliseconds / 1000, milliseconds % 1000 / 100);
    if tenths == 0 { whole.to_string() } else { format!("{whole}.{tenths}") }
}
