//! Checks that docs/reasons.md, docs/errors.md and the pages for all reasons and start-up errors match the
//! texts in host/src/help. `SEALWIRE_WRITE_HELP=1 cargo test -p sealwire-host --test help_pages` writes these
//! files.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests fail by panicking")]

mod page;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use sealwire_core::Reason;
use sealwire_core::keys::SecretError;
use sealwire_host::help::{STARTUP_ERRORS, help_for, reason_url, startup_error, startup_url};

#[test]
fn the_pages_match_the_tables() {
    for (folder, pages) in [("reasons", page::reasons()), ("errors", page::errors())] {
        same_folder(folder, &pages);
    }
    same(&path("docs/reasons.md"), &page::all_reasons(&read("docs/reasons.md")));
    same(&path("docs/errors.md"), &page::all_errors());
}

#[test]
fn every_reason_has_a_cause_and_a_fix() {
    for reason in Reason::ALL {
        let help = help_for(reason);
        assert!(!help.cause.is_empty() && !help.remedy.is_empty() && !help.fix.is_empty(), "{reason}");
    }
}

#[test]
fn the_names_and_parts_of_start_up_errors_are_unique() {
    for (at, error) in STARTUP_ERRORS.iter().enumerate() {
        assert!(!error.messages.is_empty() && !error.help.fix.is_empty(), "{}", error.name);
        for message in error.messages.iter().filter(|part| !part.is_empty()) {
            assert_eq!(startup_error(message).name, error.name, "{message}");
        }
        assert!(!STARTUP_ERRORS[..at].iter().any(|other| other.name == error.name), "{}", error.name);
    }
}

#[test]
fn every_part_of_a_message_occurs_in_the_source_code() {
    let mut sources = String::new();
    for folder in ["core/src", "host/src"] {
        read_all(&path(folder), &mut sources);
    }
    // In the sources, a long string literal continues on the next line.
    let joined = sources.split("\\\n").map(str::trim_start).collect::<String>().replace("\\\"", "\"");
    for part in STARTUP_ERRORS.iter().flat_map(|error| error.messages) {
        assert!(joined.contains(part), "no error message contains {part:?}");
    }
}

fn read_all(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("help") {
            read_all(&path, text);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn the_messages_of_core_and_host_have_the_right_page() {
    let named = |message: &dyn ToString| startup_error(&message.to_string()).name;
    assert_eq!(named(&SecretError::Empty), "secret_too_short");
    assert_eq!(named(&SecretError::TooShort(3)), "secret_too_short");
    assert_eq!(named(&SecretError::OneByteRepeated), "secret_is_a_placeholder");
    assert_eq!(named(&SecretError::PatternRepeated), "secret_is_a_placeholder");
    assert_eq!(named(&SecretError::NotBase64), "secret_not_base64");
    let slots = sealwire_host::mapped::Problem::Slots { found: 1, wanted: 2 };
    assert_eq!(named(&slots), "replay_file_size");
    assert_eq!(named(&sealwire_host::mapped::Problem::Mode(0o666)), "replay_file_open_to_others");
    assert_eq!(named(&"past: pass a whole number of seconds"), "invalid_setting");
}

#[test]
fn the_messages_in_the_vectors_have_a_specific_page() {
    let vectors: serde_json::Value = serde_json::from_str(&read("tests/vectors/keys.json")).unwrap();
    let mut found = 0;
    for case in vectors["cases"].as_array().into_iter().flatten() {
        if let Some(message) = case["expect"]["invalid"].as_str() {
            found += 1;
            assert_ne!(startup_error(message).name, "invalid_setting", "{message}");
        }
    }
    assert!(found > 20, "{found}");
}

#[test]
fn the_urls_refer_to_pages_in_the_repository() {
    let page = |url: String| path(url.split_once("/blob/main/").unwrap().1);
    for reason in Reason::ALL {
        assert!(page(reason_url(reason)).exists(), "{reason}");
    }
    for error in STARTUP_ERRORS {
        let message = error.messages.first().unwrap();
        assert!(page(startup_url(message)).exists(), "{}", error.name);
    }
}

fn same_folder(folder: &str, pages: &BTreeMap<String, String>) {
    let folder = path(&format!("docs/{folder}"));
    std::fs::create_dir_all(&folder).unwrap();
    for (name, wanted) in pages {
        same(&folder.join(format!("{name}.md")), wanted);
    }
    for entry in std::fs::read_dir(&folder).unwrap() {
        let stem = entry.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned();
        assert!(pages.contains_key(&stem), "{stem}.md describes nothing; delete it");
    }
}

fn same(file: &Path, wanted: &str) {
    if std::env::var_os("SEALWIRE_WRITE_HELP").is_some() {
        std::fs::write(file, wanted).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(
        committed == wanted,
        "{} differs from host/src/help; write it with SEALWIRE_WRITE_HELP=1 cargo test -p sealwire-host --test help_pages",
        file.display()
    );
}

fn read(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn path(file: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(file)
}
