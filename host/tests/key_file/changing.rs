use sealwire_host::key_file::{Document, Format, NewEntry, NewSecret, Reference, Section, generate};
use zeroize::Zeroizing;

use super::secret;

fn open(text: &str, format: Format) -> Document {
    Document::open("keys", text, format, None).expect("the file is valid")
}

#[test]
fn a_rotation_preserves_comments_and_layout() {
    let text = format!(
        "# ours\n[pairs.\"a/b\"] # two\nhmacPrimaryVersion = 1 # signs\nhmacSecrets = [\n    {{ version = 1, secret = \"{}\" }}, # first\n]\n\n[issuer] # last\nhmacPrimaryVersion = 1\n\n[[issuer.hmacSecrets]]\nversion = 1 # one\nsecret = {{ env = \"A\" }}\n",
        secret(1)
    );
    let mut file = open(&text, Format::Toml);
    file.add("b/a", 2, NewSecret::Text(&secret(2))).expect("added");
    let kept = Reference { kind: "vault".into(), value: r#"{"path":"p","key":"v2"}"#.into() };
    file.add("issuer", 2, NewSecret::Reference(&kept)).expect("added");
    file.promote("a/b", 2, Some("2030-01-31")).expect("promoted");
    let expected = text.replace("hmacPrimaryVersion = 1 # signs", "hmacPrimaryVersion = 2 # signs").replace(
        &format!("\"{}\" }}, # first\n]", secret(1)),
        &format!(
            "\"{}\", retireAfter = 2030-01-31 }}, # first\n    {{ version = 2, secret = \"{}\" }}\n]",
            secret(1),
            secret(2)
        ),
    ) + "\n[[issuer.hmacSecrets]]\nversion = 2\nsecret = { vault = { path = \"p\", key = \"v2\" } }\n";
    let squeeze = |text: &str| text.replace("},\n]", "}\n]");
    assert_eq!(squeeze(&file.text()), squeeze(&expected));
    file.remove("a/b", 1).expect("removed");
    file.promote("issuer", 2, None).expect("promoted");
    file.remove("issuer", 1).expect("removed");
    assert_eq!(
        file.check(false).expect("valid").status().map(|key| (key.name, key.version)).collect::<Vec<_>>(),
        [("a/b".to_owned(), 2), ("issuer".to_owned(), 2)]
    );
    assert!(file.text().starts_with("# ours\n[pairs.\"a/b\"] # two\n"));
}

#[test]
fn keys_in_json_and_dotenv_files_can_be_rotated() {
    let made = |format| {
        let entry = |name: &str, number| NewEntry {
            section: Section::Pairs,
            name: name.into(),
            secret: Ok(Zeroizing::new(secret(number))),
        };
        generate(&[entry("a/b", 1), entry("a/c-d", 2)], format).expect("valid names")
    };
    for format in [Format::Toml, Format::Json, Format::Dotenv] {
        let mut file = open(&made(format), format);
        file.add("b/a", 2, NewSecret::Text(&secret(3))).expect("added");
        file.add("a/c-d", 2, NewSecret::Text(&secret(4))).expect("added");
        file.promote("a/b", 2, None).expect("promoted");
        assert!(file.remove("a/b", 2).expect_err("it signs").to_string().contains("promote another version"));
        file.remove("a/b", 1).expect("removed");
        let ring = open(&file.text(), format).check(false).expect("valid");
        let found: Vec<_> = ring.status().map(|key| (key.version, key.primary)).collect();
        assert_eq!(found, [(2, true), (1, true), (2, false)]);
        assert!(file.promote("a/b", 9, None).expect_err("no such version").to_string().contains("it has 2"));
        assert!(file.entry("x/y").expect_err("no such entry").to_string().contains("there are a/b, a/c"));
    }
    let mut variables = open(&made(Format::Dotenv), Format::Dotenv);
    let error = variables.promote("a/b", 1, Some("2030-01-31")).expect_err("no dates").to_string();
    assert!(error.contains("cannot contain dates"), "{error}");
}

#[test]
fn a_table_in_a_larger_file_can_be_rotated() {
    let text = "[core.accountLifeCycle]\nother = 1 # stays\nhmacPrimaryVersion = 1\n[[core.accountLifeCycle.hmacSecrets]]\nversion = 1\nsecret = { vault = { path = 'p', key = 'v1' } }\n";
    let mut file = Document::open("c", text, Format::Toml, Some("core.accountLifeCycle")).expect("valid");
    let kept = Reference { kind: "vault".into(), value: r#"{"path":"p","key":"v2"}"#.into() };
    file.add("issuer", 2, NewSecret::Reference(&kept)).expect("added");
    file.promote("issuer", 2, None).expect("promoted");
    assert!(file.text().contains("other = 1 # stays\nhmacPrimaryVersion = 2\n"));
    assert!(file.text().ends_with("[[core.accountLifeCycle.hmacSecrets]]\nversion = 2\nsecret = { vault = { path = \"p\", key = \"v2\" } }\n"));
}

#[test]
fn invalid_names_are_rejected_when_keys_are_generated() {
    let entry =
        |section, name: &str| NewEntry { section, name: name.into(), secret: Ok(Zeroizing::new(secret(1))) };
    for (section, name) in [
        (Section::Pairs, "agent/agent"),
        (Section::Pairs, "a b/c"),
        (Section::Pairs, "a"),
        (Section::Clients, "a:b"),
        (Section::Clients, ""),
    ] {
        assert!(generate(&[entry(section, name)], Format::Toml).is_err(), "{name}");
    }
    let twice = [entry(Section::Pairs, "a/b"), entry(Section::Pairs, "b/a")];
    assert!(generate(&twice, Format::Json).is_err());
    assert!(generate(&[entry(Section::Issuer, "issuer")], Format::Dotenv).is_err());
    let odd =
        generate(&[entry(Section::Clients, "a.b[c]='d'")], Format::Toml).expect("a client id may be odd");
    assert!(open(&odd, Format::Toml).entry("a.b[c]='d'").is_ok());
}
