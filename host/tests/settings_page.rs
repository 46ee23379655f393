//! Compares docs/settings.md with the catalogue. `SEALWIRE_WRITE_SETTINGS=1 cargo test -p sealwire-host --test settings_page` writes it.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::Path;

use sealwire_host::settings::{GROUPS, Language, markdown};

/// Groups of the page: the name in the catalogue, the heading for Python, the heading for Node.
const PAGE: [(&str, &str, &str); 9] = [
    ("server", "Server integrations", "Server integrations"),
    ("verifier", "`Verifier`", "`Verifier`"),
    ("sender", "An entry of `senders`", "An entry of `senders`"),
    ("client", "Client integrations", ""),
    ("signed_fetch", "", "`signedFetch`"),
    ("signer", "`Signer`", "`Signer`"),
    ("key_ring", "", "`KeyRing`"),
    ("replay_table", "`ReplayTable.heap`", "`ReplayTable.heap`"),
    ("redis_store", "Redis store", "Redis store"),
];

#[test]
fn the_page_of_settings_is_the_catalogue() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("docs/settings.md");
    let generated = page();
    if std::env::var_os("SEALWIRE_WRITE_SETTINGS").is_some() {
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == generated,
        "docs/settings.md differs from the catalogue; write it with \
         SEALWIRE_WRITE_SETTINGS=1 cargo test -p sealwire-host --test settings_page"
    );
}

#[test]
fn every_group_of_the_page_exists() {
    for (name, ..) in PAGE {
        assert!(GROUPS.iter().any(|group| group.name == name), "{name}");
    }
}

fn page() -> String {
    let mut page = String::from(
        "# Settings\n\nThis page is generated from the catalogue in `host/src/settings`, which also checks the settings when an object is \
         constructed. An unknown name, a wrong type or an impossible value is an error that names the setting.\n",
    );
    for (language, title) in [(Language::Python, "Python"), (Language::Node, "Node.js")] {
        page += &format!("\n## {title}\n");
        for (group, python, node) in PAGE {
            let heading = if language == Language::Python { python } else { node };
            if !heading.is_empty() {
                page += &format!("\n### {heading}\n\n{}", markdown(group, language));
            }
        }
    }
    page
}
