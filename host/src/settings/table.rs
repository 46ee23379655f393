//! Generates the settings tables in the documentation.

use super::{DefaultValue, Language, Setting, find};

/// Returns a Markdown table of the settings of a group in one language. The result is empty if the group is
/// unknown.
#[must_use]
pub fn markdown(group: &str, language: Language) -> String {
    let Ok(group) = find(group) else { return String::new() };
    let rows = group.settings(language).map(|(name, setting)| {
        format!("| `{name}` | {} | {} |\n", setting.default.shown(language), setting.meaning(language))
    });
    ["| setting | default | meaning |\n|---|---|---|\n".to_owned()].into_iter().chain(rows).collect()
}

impl Setting {
    /// Returns the documentation of the setting, followed by a description of its valid values.
    #[must_use]
    pub fn meaning(&self, language: Language) -> String {
        [self.doc, " Value: ", &self.kind.expected(language), "."].concat()
    }

    /// Returns the documentation and the default of the setting, as a paragraph for a docstring or a comment.
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
