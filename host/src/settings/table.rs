//! The settings tables for the documentation.

use super::{DefaultValue, Language, Setting, find};

/// Returns a Markdown table of a group in a language. Empty for an unknown group.
#[must_use]
pub fn markdown(group: &str, language: Language) -> String {
    let Ok(group) = find(group) else { return String::new() };
    let rows = group.settings(language).map(|(name, setting)| {
        format!("| `{name}` | {} | {} |\n", setting.default.shown(language), setting.meaning(language))
    });
    ["| setting | default | meaning |\n|---|---|---|\n".to_owned()].into_iter().chain(rows).collect()
}

impl Setting {
    /// Returns the documentation of the setting and its valid values.
    #[must_use]
    pub fn meaning(&self, language: Language) -> String {
        [self.doc, " Give ", &self.kind.expected(language), "."].concat()
    }

    /// Returns a paragraph for a docstring or a comment: the documentation and the default.
    #[must_use]
    pub fn paragraph(&self, language: Language) -> String {
        let default = match self.default {
            DefaultValue::Required => " Required.".into(),
            DefaultValue::Unset => String::new(),
            _ => [" Default: ", &self.default.shown(language), "."].concat(),
        };
        self.meaning(language) + &default
    }
}
