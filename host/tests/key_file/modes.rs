use sealwire_host::ModesConfig;
use sealwire_host::key_file::Format;
use sealwire_host::mode_file::{ModeChange, change, read};

fn changed(text: &str, format: Format, to: ModeChange<'_>) -> Result<String, String> {
    change("modes", text, format, to).map(|text| text.to_string()).map_err(|error| error.to_string())
}

#[test]
fn a_rollback_does_not_change_the_rest_of_the_file() {
    let toml = "# ours\nmode = \"enforce\" # strict\n\n[pairs.\"a/b\"]\nthis is not in order = 1\n";
    assert!(changed(toml, Format::Toml, ModeChange::ObserveOnly(true)).is_err(), "not TOML at all");
    let toml = "# ours\nmode = \"enforce\" # strict\n\n[pairs.\"a/b\"]\nnot_in_order = 1\n";
    let off = changed(toml, Format::Toml, ModeChange::ObserveOnly(true)).expect("rolled back");
    assert_eq!(off, toml.replace("# strict\n", "# strict\nobserveOnly = true\n"));
    assert_eq!(changed(&off, Format::Toml, ModeChange::ObserveOnly(false)).expect("resumed"), toml);
    for toml in [
        "# top\n[pairs.\"a/b\"]\nx = 1\n",
        "# top\n\n# of the pair\n[[pairs.list]]\nx = 1\n[clients]\n",
        "# top\nsenders = { a = \"off\" } # c\n",
    ] {
        let off = changed(toml, Format::Toml, ModeChange::ObserveOnly(true)).expect("rolled back");
        assert!(off.starts_with("# top\n"), "{off}");
        let on = changed(&off, Format::Toml, ModeChange::ObserveOnly(false)).expect("resumed");
        assert_eq!(on, toml, "{off}");
    }
    let env = "\u{feff}HMAC_AUTH_ENABLED=true\nA=1 # c\n";
    let off = changed(env, Format::Dotenv, ModeChange::ObserveOnly(true)).expect("rolled back");
    assert_eq!(off, "HMAC_AUTH_ENABLED=false\nA=1 # c\n");
    let modes =
        read("modes", &format!("\u{feff}{off}"), Format::Dotenv, ModesConfig::default()).expect("valid");
    assert!(modes.observe_only);
}

#[test]
fn modes_of_the_service_and_of_senders_are_set_and_removed() {
    for (text, format) in [("", Format::Toml), ("{}", Format::Json)] {
        let one = changed(text, format, ModeChange::Service("observe")).expect("set");
        let two = changed(&one, format, ModeChange::Sender("agent", "enforce")).expect("set");
        let modes = read("modes", &two, format, ModesConfig::default()).expect("valid");
        assert_eq!(modes.mode.as_deref(), Some("observe"));
        assert_eq!(modes.senders, [("agent".to_owned(), "enforce".to_owned())]);
        let three = changed(&two, format, ModeChange::Remove("agent")).expect("removed");
        assert!(read("modes", &three, format, ModesConfig::default()).expect("valid").senders.is_empty());
        let error = changed(&three, format, ModeChange::Remove("agent")).expect_err("not there");
        assert_eq!(error, "modes: has no mode for the sender agent");
        assert!(changed(&two, format, ModeChange::Service("loud")).is_err());
    }
    let error = changed("A=1\n", Format::Dotenv, ModeChange::Service("off")).expect_err("variables");
    assert!(error.contains("support only --rollback and --resume"), "{error}");
}

#[test]
fn errors_for_invalid_modes_contain_the_setting() {
    for (text, words) in [
        ("mode = 1", "mode: write the mode as a string"),
        ("mode = 'loud'", "mode \"loud\" is not one of"),
        ("senders = 1", "senders must be a table"),
        ("senders = { agent = true }", "senders.agent: write the mode as a string"),
        ("observeOnly = 'true'", "observeOnly: write true or false"),
        ("observOnly = true", "observOnly is not one of"),
    ] {
        let error = read("modes", text, Format::Toml, ModesConfig::default()).expect_err(text).to_string();
        assert!(error.starts_with("modes: ") && error.contains(words), "{error}");
    }
    let error = read("m.env", "HMAC_AUTH_ENABLED=maybe", Format::Dotenv, ModesConfig::default());
    assert!(error.expect_err("not a switch").to_string().contains("neither true nor false"));
}
