//! The settings tables of the READMEs and the reference.

use super::{GROUPS, Language};

/// A Markdown table of one group in one language; empty for an unknown group.
#[must_use]
pub fn markdown(group: &str, language: Language) -> String {
    let mut table = String::from("| setting | default | meaning |\n|---|---|---|\n");
    let Some(group) = GROUPS.iter().find(|known| known.name == group) else { return String::new() };
    for setting in group.settings {
        let Some(name) = setting.name_in(language) else { continue };
        let default =
            if setting.default.is_empty() { "required".into() } else { default(setting.default, language) };
        let meaning = [setting.doc, " Give ", &setting.kind.expected(language), "."].concat();
        table.push_str(&format!("| `{name}` | {default} | {meaning} |\n"));
    }
    table
}

fn default(text: &str, language: Language) -> String {
    match (text, language) {
        ("true", Language::Python) => "`True`".into(),
        ("false", Language::Python) => "`False`".into(),
        _ => format!("`{text}`"),
    }
}
