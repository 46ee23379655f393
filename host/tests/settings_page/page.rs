//! Generates docs/settings.md, the tables in other pages, and docstrings.

use sealwire_host::settings::{Language, find, markdown};

/// The settings groups in docs/settings.md. Each tuple contains the name in the catalogue, the heading for
/// Python and the heading for Node.js.
pub(crate) const GROUPS_OF_PAGE: [(&str, &str, &str); 18] = [
    ("server", "Server integrations", "Server integrations"),
    ("verifier", "`Verifier`", "`Verifier`"),
    ("sender", "An entry of `senders`", "An entry of `senders`"),
    ("modes", "`Modes`", "`Modes`"),
    ("client", "Client integrations", ""),
    ("signed_fetch", "", "`signedFetch`"),
    ("signer", "`Signer`", "`Signer`"),
    ("key_ring", "`KeyRing`", "`KeyRing`"),
    ("key_ring_from_env", "`KeyRing.from_env`", "`KeyRing.fromEnv`"),
    ("load", "`load`", "`load`"),
    ("load_modes", "`load_modes`", "`loadModes`"),
    ("vault", "`Vault`", "`vault`"),
    ("google", "`Google`", "`google`"),
    ("reloader", "`Reloader`", "`Reloader`"),
    ("replay_table", "`ReplayTable.heap`", "`ReplayTable.heap`"),
    ("replay_file", "`ReplayTable.mapped`", "`ReplayTable.mapped`"),
    ("redis_store", "Redis store", "Redis store"),
    ("token", "", "`ConnectionString.issue`"),
];

/// Returns the text of docs/settings.md.
pub(crate) fn page() -> String {
    let mut page = String::from(
        "# Settings\n\nThis page is generated from the catalogue in `host/src/settings`, which also checks the settings when an object is \
         constructed. An unknown name, a wrong type or an impossible value causes an error that contains the setting. The option `--settings` of `sealwire check` checks a settings file, \
         and `--environment` checks the environment variables of a service.\n",
    );
    for (language, title) in [(Language::Python, "Python"), (Language::Node, "Node.js")] {
        page += &format!("\n## {title}\n");
        for (group, python, node) in GROUPS_OF_PAGE {
            let heading = if language == Language::Python { python } else { node };
            if !heading.is_empty() {
                page += &format!("\n### {heading}\n\n{}", markdown(group, language));
            }
        }
    }
    page
}

/// Replaces the text between the markers `<!-- settings: group -->` and `<!-- /settings -->` with a table.
pub(crate) fn with_tables(text: &str, language: Language) -> String {
    const START: &str = "<!-- settings: ";
    const END: &str = "<!-- /settings -->";
    let mut sections = text.split(START);
    let mut page = sections.next().unwrap().to_owned();
    for section in sections {
        let (group, rest) = section.split_once(" -->").unwrap();
        let (_, after) = rest.split_once(END).unwrap();
        page += &format!("{START}{group} -->\n\n{}\n{END}{after}", markdown(group, language));
    }
    assert!(page.contains(END), "no table");
    page
}

/// The stub classes with a list of settings in their docstrings. Each tuple contains the class and its
/// settings group.
const CLASSES: [(&str, &str); 4] =
    [("Signer", "signer"), ("Verifier", "verifier"), ("Modes", "modes"), ("KeyRing", "key_ring")];

/// Returns the stub with an updated list of settings in each of these docstrings.
pub(crate) fn with_docstrings(text: &str) -> String {
    CLASSES.iter().fold(text.to_owned(), |text, (class, group)| {
        let start = text.find(&format!("\nclass {class}:\n    \"\"\"")).unwrap();
        let open = start + text[start..].find("\"\"\"").unwrap() + 3;
        let close = open + text[open..].find("\"\"\"").unwrap();
        let docstring = text[open..close].split("\n    Settings:").next().unwrap().trim_end();
        [&text[..open], docstring, "\n\n    Settings:\n\n", &listed(group), "    ", &text[close..]].concat()
    })
}

fn listed(group: &str) -> String {
    let settings = find(group).unwrap().settings(Language::Python);
    settings
        .map(|(name, setting)| format!("    - `{name}`: {}\n", setting.paragraph(Language::Python)))
        .collect()
}
