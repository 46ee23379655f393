use sealwire_host::key_file::{FileSecret, Format, KeyFile, Options, Resolved};
use zeroize::Zeroizing;

use super::{read, secret};

fn status(file: &KeyFile, resolved: Vec<Resolved>) -> Vec<(String, u32, bool)> {
    let ring = file.ring(resolved, false).expect("the keys are valid");
    ring.status().map(|key| (key.name, key.version, key.primary)).collect()
}

#[test]
fn toml_json_and_dotenv_files_result_in_the_same_key_ring() {
    let (one, two) = (secret(1), secret(2));
    let toml = format!(
        "[pairs.\"practices/agent\"]\nhmacPrimaryVersion = 2\nhmacSecrets = [\n  {{ version = 1, secret = \"{one}\" }},\n  \
         {{ version = 2, secret = \"{two}\" }},\n]\n"
    );
    let json = format!(
        r#"{{"pairs": {{"practices/agent": {{"hmacPrimaryVersion": 2, "hmacSecrets": [
        {{"version": 1, "secret": "{one}"}}, {{"version": 2, "secret": "{two}"}}]}}}}}}"#
    );
    let dotenv = format!(
        "HMAC_SECRET_AGENT_PRACTICES={one}\nHMAC_SECRET_AGENT_PRACTICES_V2='{two}'\nHMAC_PRIMARY_AGENT_PRACTICES=2\n"
    );
    let expected = [("agent/practices".to_owned(), 1, false), ("agent/practices".to_owned(), 2, true)];
    for (text, format) in [(toml, Format::Toml), (json, Format::Json), (dotenv, Format::Dotenv)] {
        for text in [text.clone(), format!("\u{feff}{text}")] {
            assert_eq!(status(&read(&text, format).expect("valid"), Vec::new()), expected);
        }
    }
}

#[test]
fn a_misspelt_variable_in_a_dotenv_file_is_an_error() {
    let pair = format!("HMAC_SECRET_AGENT_PRACTICES={}\n", secret(1));
    for (line, advice) in [
        (
            "HMAC_SECRET_AGENT_PRACTICES_V02=x",
            "HMAC_SECRET_AGENT_PRACTICES_V02: must end in the number of a version",
        ),
        (
            "HMAC_PRIMARY_AGNT_PRACTICES=1",
            "HMAC_PRIMARY_AGNT_PRACTICES: is set, but HMAC_SECRET_AGNT_PRACTICES is not",
        ),
    ] {
        let error = read(&format!("{pair}{line}\n"), Format::Dotenv).expect_err(line).to_string();
        assert!(error.starts_with(advice), "{error}");
    }
}

#[test]
fn references_are_listed_in_the_order_in_which_secrets_must_be_passed() {
    let text = r#"
        [clients.billing]
        hmacPrimaryVersion = 1
        hmacSecrets = [{ version = 1, secret = { env = "BILLING" } }]
        [issuer]
        hmacPrimaryVersion = 2
        hmacSecrets = [{ version = 2, secret = { vault = { path = "a/b", key = "k" } }, retireAfter = 2030-01-31 }]
    "#;
    let file = read(text, Format::Toml).expect("valid");
    let found: Vec<_> = file
        .lookups()
        .into_iter()
        .map(|lookup| (lookup.label, lookup.reference.kind.clone(), lookup.reference.value.clone()))
        .collect();
    let owned = |one: &str, two: &str, three: &str| (one.to_owned(), two.to_owned(), three.to_owned());
    assert_eq!(
        found,
        [
            owned("billing version 1", "env", "\"BILLING\""),
            owned("issuer version 2", "vault", r#"{"path":"a/b","key":"k"}"#),
        ]
    );
    let text = Resolved::Text(Zeroizing::new("a secret of thirty-two bytes, or more".into()));
    let bytes = Resolved::Bytes(Zeroizing::new(b"bytes of a secret of thirty-two bytes or more".to_vec()));
    assert_eq!(
        status(&file, vec![text, bytes]),
        [("billing".to_owned(), 1, true), ("issuer".to_owned(), 2, true)]
    );
    assert_eq!(file.entries[1].versions[0].retire_after_s, Some(1_896_134_400));
    assert!(file.ring(Vec::new(), false).expect_err("unresolved").to_string().contains("not resolved"));
}

#[test]
fn pairs_of_other_services_are_skipped() {
    let pair = |name: &str, number| {
        format!(
            "[pairs.\"{name}\"]\nhmacPrimaryVersion = 1\nhmacSecrets = [{{ version = 1, secret = \"{}\" }}]\n",
            secret(number)
        )
    };
    let text =
        pair("agent/practices_service", 1) + &pair("agent/meals", 2) + &pair("meals/practices_service", 3);
    let names = |service| {
        KeyFile::parse("keys", &text, Format::Toml, Options { service: Some(service), table: None })
            .map(|file| file.entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>())
            .map_err(|error| error.to_string())
    };
    assert_eq!(names("practices").expect("known"), ["agent/practices_service", "meals/practices_service"]);
    assert_eq!(names("meals_service").expect("known"), ["agent/meals", "meals/practices_service"]);
    assert_eq!(
        names("praktices").expect_err("unknown"),
        "keys: no pair contains the service praktices; the services of the file are agent, meals, practices_service"
    );
}

#[test]
fn the_issuers_keys_are_read_from_a_table_of_a_larger_file() {
    let text = "other = 1\n[core.accountLifeCycle]\ntokenExpiration = 3600\nhmacPrimaryVersion = 1\n[[core.accountLifeCycle.hmacSecrets]]\nversion = 1\nsecret = 'plain text secret'\nnote = 'x'\n";
    let parse =
        |table| KeyFile::parse("keys", text, Format::Toml, Options { table: Some(table), service: None });
    let file = parse("core.accountLifeCycle").expect("there");
    assert!(matches!(file.entries[0].versions[0].secret, FileSecret::Text(_)));
    for table in ["core.nowhere", "core.accountLifeCycle.hmacPrimaryVersion", "x"] {
        let error = parse(table).expect_err("not there").to_string();
        assert_eq!(error, format!("keys: has no table [{table}]"));
    }
}

#[test]
fn errors_contain_the_entry_but_no_secret() {
    let issuer = |versions: &str| format!("[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = {versions}");
    let cases = [
        (String::new(), "keys: contains no keys"),
        ("[client.x]".into(), "keys: client is not one of pairs, clients"),
        ("issuer = 1".into(), "keys: issuer must be a table"),
        ("secret = \"s3cret".into(), "keys: cannot be read as toml; see line 1"),
        ("[issuer]\nhmacSecrets = []".into(), "issuer: hmacPrimaryVersion must be"),
        ("[issuer]\nhmacPrimaryVersion = -1".into(), "issuer: hmacPrimaryVersion must be"),
        ("hmacSecrets = 5".into(), "keys: hmacSecrets is not one of"),
        (issuer("5"), "issuer: hmacSecrets must list tables"),
        (issuer("[5]"), "issuer: hmacSecrets must list tables"),
        (issuer("[{ version = 1 }]"), "issuer version 1: the secret is missing"),
        (issuer("[{ version = true, secret = 's3cret' }]"), "issuer: each of hmacSecrets needs a version"),
        (
            issuer("[{ version = 4294967296, secret = 's3cret' }]"),
            "issuer: each of hmacSecrets needs a version",
        ),
        (issuer("[{ version = 1, secret = 5 }]"), "issuer version 1: secret must be a string"),
        (
            issuer("[{ version = 1, secret = { env = 'A', vault = 'B' } }]"),
            "issuer version 1: secret must be a string",
        ),
        (
            issuer("[{ version = 1, secret = 's3cret', retireafter = 2030-01-31 }]"),
            "issuer: retireafter is not one of",
        ),
        (
            issuer("[{ version = 1, secret = 's3cret', retireAfter = 'soon' }]"),
            "issuer: retireAfter must be a date",
        ),
        ("[pairs]\nagent = {}".into(), "pairs: agent must contain two services"),
        ("[pairs]\n'a/b/c' = {}".into(), "pairs: a/b/c must contain two services"),
        ("[pairs]\n'MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=' = {}".into(), "not shown"),
        ("allowWeak = 1\n[issuer]\nhmacPrimaryVersion = 1".into(), "allowWeak: write true or false"),
    ];
    for (text, words) in cases {
        let error = read(&text, Format::Toml).expect_err(&text);
        assert!(error.contains(words), "{text}\n{error}");
        assert!(!error.contains("s3cret") && !error.contains("MDEy"), "{error}");
    }
    let twice = read(r#"{"issuer": {}, "issuer": {}}"#, Format::Json).expect_err("given twice");
    assert_eq!(twice, "keys: cannot be read as json; see line 1");
    assert_eq!(read("[]", Format::Json).expect_err("a list"), "keys: must contain one JSON object");
}

#[test]
fn a_text_secret_with_invisible_characters_is_rejected_unless_it_is_raw() {
    let text = |raw| {
        format!(
            "[issuer]\nhmacPrimaryVersion = 1\nhmacSecrets = [{{ version = 1, secret = \"a secret of thirty-two bytes, or so\\n\"{raw} }}]"
        )
    };
    let file = read(&text(""), Format::Toml).expect("the shape is valid");
    let error = file.check(false).expect_err("a line break").to_string();
    assert!(error.starts_with("issuer version 1: the secret ends in a line break; remove it"), "{error}");
    assert!(read(&text(", raw = true"), Format::Toml).expect("valid").check(false).is_ok());
}

#[test]
fn an_ambiguous_variable_is_an_error_only_if_other_variables_contain_both_pairs_of_names() {
    let line = |name: &str| format!("HMAC_SECRET_{name}={}\n", secret(1));
    let names = |text: String| {
        read(&text, Format::Dotenv)
            .map(|file| file.entries.into_iter().map(|entry| entry.name).collect::<Vec<_>>())
    };
    assert_eq!(names(line("A_B_PRACTICES")).expect("one line"), ["a/b_practices"]);
    let known = names(line("A_B_PRACTICES") + &line("A_B_MEALS") + &line("MEALS_PRACTICES"));
    assert!(known.expect("one reading is known").contains(&"a_b/practices".to_owned()));
    let both = line("A_B_PRACTICES")
        + &line("A_MEALS")
        + &line("B_PRACTICES_MEALS")
        + &line("A_B_MEALS")
        + &line("MEALS_PRACTICES");
    assert!(
        names(both)
            .expect_err("two readings")
            .contains("keys: HMAC_SECRET_A_B_PRACTICES can mean a and b_practices, or a_b and practices")
    );
    assert_eq!(
        names(line("PRACTICES_AGENT")).expect_err("not sorted"),
        "keys: HMAC_SECRET_PRACTICES_AGENT must contain two services, in alphabetical order; rename it to HMAC_SECRET_AGENT_PRACTICES"
    );
}
