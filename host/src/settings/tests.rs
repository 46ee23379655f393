#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use super::{GROUPS, Kind, Language, Value, check, markdown};

fn error(group: &str, language: Language, name: &str, value: Value) -> String {
    check(group, language, &[(name.into(), value)]).unwrap_err().to_string()
}

fn text(text: &str) -> Value {
    Value::Text(text.into())
}

#[test]
fn the_error_for_a_misspelt_name_suggests_the_most_similar_name() {
    let suggestion = |name: &str| error("server", Language::Node, name, Value::Flag(true));
    assert_eq!(suggestion("maxClockskew"), "maxClockskew: no such setting; did you mean maxClockSkew?");
    assert!(
        error("client", Language::Python, "verify_answer", Value::Flag(true)).contains("the settings are")
    );
    assert!(
        error("client", Language::Python, "verify_response", Value::Flag(true)).contains("verify_responses?")
    );
    assert!(error("client", Language::Python, "scheme", text("pairwise")).contains("schemes?"));
}

#[test]
fn errors_for_nested_settings_contain_their_path() {
    let rules = Value::Map(vec![("pathPrefix".into(), Value::List(vec![text("/public")]))]);
    let senders = Value::Map(vec![("c".into(), rules)]);
    let message = error("server", Language::Node, "senders", senders);
    assert_eq!(message, "senders.c.pathPrefix: no such setting; did you mean pathPrefixes?");
}

#[test]
fn a_string_is_neither_a_flag_nor_a_list() {
    let message = error("server", Language::Python, "enforce", text("false"));
    assert_eq!(message, "enforce: pass true or false, not a string");
    let message = error("server", Language::Python, "schemes", text("pairwise"));
    assert_eq!(message, "schemes: pass a list: [\"pairwise\"]");
}

#[test]
fn invalid_values_are_errors() {
    for (name, value) in [
        ("past", Value::Integer(-1)),
        ("past", Value::Number(1.5)),
        ("max_body_bytes", Value::Integer(-1)),
        ("max_sender_share", Value::Integer(0)),
        ("max_sender_share", Value::Number(f64::NAN)),
        ("body_timeout", Value::Integer(0)),
        ("require_fields", Value::List(vec![text("X-Tenant:")])),
        ("require_fields", Value::List(vec![text("")])),
        ("exempt_paths", Value::List(vec![text("/a/*/b")])),
        ("exempt_paths", Value::List(vec![text("health")])),
        ("exempt_paths", Value::List(vec![text("*")])),
        ("exempt_paths", Value::List(vec![text("/a/../b")])),
        ("exempt_paths", Value::List(vec![text("/a b")])),
        ("exempt_paths", Value::List(vec![text("/\u{e9}*")])),
        ("root_path", text("/a/../b")),
        ("root_path", text("/a?b")),
        ("metrics", Value::Class("Metrics".into())),
        ("replay", text("redis://localhost")),
        ("replay", Value::Object { class: "Redis".into(), methods: vec![] }),
    ] {
        assert!(error("server", Language::Python, name, value).starts_with(&format!("{name}: ")));
    }
}

#[test]
fn a_missing_required_setting_is_an_error() {
    let missing = check("signer", Language::Node, &[("name".into(), text("cli"))]).unwrap_err();
    assert_eq!(missing.to_string(), "keys: pass a KeyRing");
    let none = check("signer", Language::Python, &[("name".into(), Value::Missing)]).unwrap_err();
    assert_eq!(none.to_string(), "name: pass a string");
}

#[test]
fn the_error_for_a_decoded_path_contains_the_encoded_path() {
    let message = error("server", Language::Python, "exempt_paths", Value::List(vec![text("/\u{e9} b*")]));
    assert!(message.ends_with("write it percent-encoded, such as \"/%C3%A9%20b*\""), "{message}");
}

#[test]
fn a_restriction_cannot_be_an_empty_list() {
    let rules =
        |name: &str| Value::Map(vec![("agent".into(), Value::Map(vec![(name.into(), Value::List(vec![]))]))]);
    for name in ["methods", "path_prefixes"] {
        let message = error("server", Language::Python, "senders", rules(name));
        assert!(message.starts_with(&format!("senders.agent.{name}: the list is empty")), "{message}");
    }
    assert!(error("server", Language::Python, "schemes", Value::List(vec![])).contains("empty"));
}

#[test]
fn missing_and_valid_values_are_accepted() {
    for (name, value) in [
        ("past", Value::Missing),
        ("past", Value::Integer(0)),
        ("authorities", text("any")),
        ("authorities", Value::List(vec![text("api.test")])),
        ("replay", text("heap")),
        ("replay", Value::Object { class: "Own".into(), methods: vec!["claim".into()] }),
        ("max_sender_share", Value::Integer(1)),
        ("exempt_paths", Value::List(vec![text("/health"), text("/public/*"), text("/%C3%A9")])),
        ("root_path", text("/\u{e9} b")),
        ("root_path", text("")),
    ] {
        let service = ("service_name".into(), text("practices"));
        check("server", Language::Python, &[service, (name.into(), value)]).unwrap();
    }
}

#[test]
fn an_error_for_a_wrong_type_does_not_contain_the_string() {
    let secret = "a secret in the wrong place, of thirty-two bytes";
    let settings = GROUPS.iter().flat_map(|group| group.settings(Language::Python).map(move |s| (group, s)));
    for (group, (name, setting)) in settings {
        if matches!(setting.kind, Kind::Choice(_) | Kind::Choices(_)) {
            continue; // the error contains the misspelt word
        }
        if let Err(error) = check(group.name, Language::Python, &[(name.into(), text(secret))]) {
            assert!(!error.to_string().contains(secret), "{error}");
        }
    }
}

#[test]
fn nested_groups_exist_and_names_are_unique() {
    for group in GROUPS {
        for language in [Language::Python, Language::Node] {
            let names: Vec<_> = group.settings(language).map(|(name, _)| name).collect();
            let mut unique = names.clone();
            unique.sort_unstable();
            unique.dedup();
            assert_eq!(names.len(), unique.len(), "{}", group.name);
        }
        for setting in group.parts.iter().flat_map(|part| part.iter()) {
            if let Kind::Group(name) | Kind::GroupByName(name) = setting.kind {
                assert!(GROUPS.iter().any(|group| group.name == name));
            }
            assert!(setting.doc.ends_with('.'), "{}", setting.doc);
        }
    }
    assert!(markdown("server", Language::Python).contains("| `root_path` | `\"\"` |"));
}
