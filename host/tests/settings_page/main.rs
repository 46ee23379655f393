//! Checks that the documentation of settings matches the settings catalogue. The documentation consists of
//! docs/settings.md, tables in the READMEs, the Python stubs and typed dictionaries, and the TypeScript
//! declarations. `SEALWIRE_WRITE_SETTINGS=1 cargo test -p sealwire-host --test settings_page` writes these
//! files.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

mod members;
mod page;

use std::path::Path;

use members::{Members, Syntax};
use page::{GROUPS_OF_PAGE, page, with_docstrings, with_tables};
use sealwire_host::settings::{GROUPS, Language};

#[test]
fn the_page_of_settings_matches_the_catalogue() {
    same("docs/settings.md", |_| page());
}

#[test]
fn every_group_of_the_page_exists() {
    for (name, ..) in GROUPS_OF_PAGE {
        assert!(GROUPS.iter().any(|group| group.name == name), "{name}");
    }
}

#[test]
fn the_tables_in_the_readmes_match_the_catalogue() {
    same("bindings-python/README.md", |text| with_tables(text, Language::Python));
    same("bindings-node/README.md", |text| with_tables(text, Language::Node));
}

#[test]
fn the_docstrings_of_the_stubs_match_the_catalogue() {
    same("bindings-python/python/sealwire/_native.pyi", with_docstrings);
}

/// The typed dictionaries in the Python package. Each tuple contains the file, the class and the settings
/// group.
const DICTIONARIES: [(&str, &str, &str); 10] = [
    ("_guard.py", "SenderPolicy", "sender"),
    ("_guard.py", "VerifierOptions", "server"),
    ("_guard.py", "Options", "server"),
    ("_hooks.py", "HookOptions", "server"),
    ("_signed_responses.py", "ResponseOptions", "server"),
    ("_signing.py", "SigningOptions", "client"),
    ("redis.py", "StoreOptions", "redis_store"),
    ("redis.py", "AsyncStoreOptions", "redis_store"),
    ("secrets/_reload.py", "ReloaderOptions", "reloader"),
    ("secrets/_file.py", "LoadOptions", "load"),
];

#[test]
fn the_fields_of_the_typed_dictionaries_match_the_catalogue() {
    for (file, class, group) in DICTIONARIES {
        let members = Members { name: class, group, syntax: Syntax::Python };
        same(&format!("bindings-python/python/sealwire/{file}"), |text| members.documented(text));
    }
}

/// The TypeScript declarations in the Node.js package. Each tuple contains the file, the interface and the
/// settings group.
const INTERFACES: [(&str, &str, &str); 20] = [
    ("express.d.ts", "AdapterOptions", "server"),
    ("express.d.ts", "VerifierSettings", "server"),
    ("express.d.ts", "KeyLookup", "server"),
    ("express.d.ts", "OneClient", "server"),
    ("express.d.ts", "SeveralClients", "server"),
    ("express.d.ts", "KeysOfSenders", "server"),
    ("express.d.ts", "FinishedVerifier", "server"),
    ("index.d.ts", "Policy", "verifier"),
    ("index.d.ts", "VerifierOptions", "verifier"),
    ("index.d.ts", "SenderRules", "sender"),
    ("index.d.ts", "ModesSpec", "modes"),
    ("index.d.ts", "SignerOptions", "signer"),
    ("index.d.ts", "Keys", "key_ring"),
    ("index.d.ts", "KeysFromEnv", "key_ring"),
    ("fetch.d.ts", "SigningOptions", "signed_fetch"),
    ("fetch.d.ts", "SignedFetchOptions", "signed_fetch"),
    ("redis.d.ts", "RedisStoreOptions", "redis_store"),
    ("secrets.d.ts", "ReloaderOptions", "reloader"),
    ("secrets.d.ts", "LoadOptions", "load"),
    ("index.d.ts", "ConnectionStringParts", "token"),
];

#[test]
fn the_members_of_the_declarations_match_the_catalogue() {
    for (file, interface, group) in INTERFACES {
        let members = Members { name: interface, group, syntax: Syntax::TypeScript };
        same(&format!("bindings-node/{file}"), |text| members.documented(text));
    }
}

#[test]
fn every_setting_is_declared() {
    // The last value of a row is the file that declares further settings of servers.
    for (language, folder, places, of_servers) in [
        (Language::Python, "bindings-python/python/sealwire", DICTIONARIES.as_slice(), "asgi.py"),
        (Language::Node, "bindings-node", INTERFACES.as_slice(), "index.d.ts"),
    ] {
        for group in GROUPS {
            let own: Vec<_> = places.iter().filter(|(.., name)| *name == group.name).collect();
            if own.is_empty() {
                continue; // these settings are positional arguments, or part of a configuration of other software
            }
            let files = own.iter().map(|(file, ..)| *file).chain([of_servers]);
            let text: String = files.map(|file| read(&format!("{folder}/{file}"))).collect();
            for (name, _) in group.settings(language) {
                let declared =
                    [": ", "?: ", "(", "?("].iter().any(|after| text.contains(&format!(" {name}{after}")));
                assert!(declared, "{} {name} is in no declaration", group.name);
            }
        }
    }
}

/// Compares a file with its generated text, or writes the file if `SEALWIRE_WRITE_SETTINGS` is set.
fn same(file: &str, generated: impl Fn(&str) -> String) {
    let committed = read(file);
    let wanted = generated(&committed);
    if std::env::var_os("SEALWIRE_WRITE_SETTINGS").is_some() {
        std::fs::write(path(file), &wanted).unwrap();
        return;
    }
    assert!(
        committed == wanted,
        "{file} differs from the catalogue; write it with \
         SEALWIRE_WRITE_SETTINGS=1 cargo test -p sealwire-host --test settings_page -- --test-threads=1"
    );
}

fn read(file: &str) -> String {
    std::fs::read_to_string(path(file)).unwrap_or_else(|error| panic!("{file}: {error}"))
}

fn path(file: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join(file)
}
