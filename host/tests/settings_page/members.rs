//! Writes the documentation of each setting next to its member in TypeScript interfaces and in Python typed
//! dictionaries.

use sealwire_host::settings::{Language, Setting, find};

/// The language syntax of members and of their documentation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syntax {
    /// The documentation is a comment above the member.
    TypeScript,
    /// The documentation is a string below the field.
    Python,
}

/// An interface or class whose members are the settings of one group.
pub(crate) struct Members {
    pub(crate) name: &'static str,
    pub(crate) group: &'static str,
    pub(crate) syntax: Syntax,
}

impl Members {
    /// Returns the text of the file with the documentation of each member updated.
    pub(crate) fn documented(&self, text: &str) -> String {
        let mut lines = text.lines().peekable();
        let mut written: Vec<String> = Vec::new();
        let mut found = false;
        while let Some(line) = lines.next() {
            written.push(line.into());
            if !self.opens(line) {
                continue;
            }
            found = true;
            while let Some(line) = lines.next_if(|line| !self.ends(line)) {
                self.member(line, &mut written);
            }
        }
        assert!(found, "no {}", self.name);
        written.join("\n") + "\n"
    }

    fn opens(&self, line: &str) -> bool {
        let rest = match self.syntax {
            Syntax::TypeScript => line.strip_prefix("export interface ").or(line.strip_prefix("interface ")),
            Syntax::Python => line.strip_prefix("class "),
        };
        let rest = rest.and_then(|rest| rest.strip_prefix(self.name));
        rest.is_some_and(|rest| rest.starts_with([' ', '(', '<', ':']))
    }

    fn ends(&self, line: &str) -> bool {
        match self.syntax {
            Syntax::TypeScript => line.starts_with('}'),
            Syntax::Python => !line.is_empty() && !line.starts_with(' '),
        }
    }

    fn member(&self, line: &str, written: &mut Vec<String>) {
        match (self.syntax, self.setting(line)) {
            (Syntax::TypeScript, Some(setting)) => {
                remove_comment(written);
                written.push(format!("  /** {} */", setting.paragraph(Language::Node)));
                written.push(line.into());
            }
            (Syntax::Python, Some(setting)) => {
                written.push(line.into());
                written.push(format!("    \"\"\"{}\"\"\"", setting.paragraph(Language::Python)));
            }
            (Syntax::Python, None) if is_generated(line, written) => {}
            (_, None) => written.push(line.into()),
        }
    }

    /// Returns the setting that a line declares, if there is one.
    fn setting(&self, line: &str) -> Option<&'static Setting> {
        let (indent, language) = match self.syntax {
            Syntax::TypeScript => ("  ", Language::Node),
            Syntax::Python => ("    ", Language::Python),
        };
        let text = line.strip_prefix(indent)?;
        let end = text.find(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_')?;
        let (name, rest) = text.split_at(end);
        if name.is_empty() || !rest.trim_start_matches('?').starts_with([':', '(']) {
            return None;
        }
        let setting = find(self.group).unwrap().settings(language).find(|(known, _)| *known == name);
        Some(setting.unwrap_or_else(|| panic!("{}: {name} is not in the catalogue", self.name)).1)
    }
}

/// Removes the comment that ends with the last written line.
fn remove_comment(written: &mut Vec<String>) {
    if !written.last().is_some_and(|line| line.ends_with("*/") && line.starts_with("  ")) {
        return;
    }
    while let Some(line) = written.pop() {
        if line.trim_start().starts_with("/**") {
            break;
        }
    }
}

/// Returns `true` if this line is the string below a field. The string is replaced with the current
/// documentation.
fn is_generated(line: &str, written: &[String]) -> bool {
    let is_text = |line: &str| line.starts_with("    \"\"\"");
    let [.., field, last] = written else { return false };
    is_text(line) && is_text(last) && field.contains(": ")
}
