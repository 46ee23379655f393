//! Tests of valid and invalid tokens.

use sealwire_core::Reason;
use sealwire_core::connection_string::{ConnectionString, Timestamp};

use super::{AID, EDT, SIG, encoded, sealed, verify, verify_token};

#[test]
fn invalid_syntax_is_malformed_even_with_a_valid_mac() {
    let good = format!("{AID};{EDT};kvr=1");
    assert_eq!(verify(sealed(&good)), Ok(1));
    for bean in [
        "",
        "x",
        "tid",
        "tid=",
        "tid=1",
        "tid=11111111222243338444555555555555",
        "=",
        ";",
        "TID=11111111-2222-4333-8444-555555555555",
        "tid={1111111-2222-4333-8444-55555555555}",
        "url=https",
        "rid=11111111-2222-4333-8444-555555555555", // an unknown bean could be a restriction
        "rls=",
        "rls=a",
        "rls=a:",
        "rls=:0",
        "rls=a:2",
        "rls=a:00",
        "rls=a:0,",
        "rls=,a:0",
        "rls=a=b:0",
        "rls=a:b:0",
        "rls=a\nb:0",
        AID,
        EDT,
        "kvr=1",
        "kvr=2", // repeated
    ] {
        for beans in [format!("{bean};{good}"), format!("{good};{bean}")] {
            assert_eq!(verify(sealed(&beans)), Err(Reason::MalformedToken), "{beans}");
        }
    }
    for (from, to) in [
        ("kvr=1", "kvr="),
        ("kvr=1", "kvr=01"),
        ("kvr=1", "kvr=+1"),
        ("kvr=1", "kvr=-1"),
        ("kvr=1", "kvr=1 "),
        ("kvr=1", "kvr=:"), // `:` comes directly after `9` in ASCII
        ("kvr=1", "kvr=/"),
        ("2030", "1:30"), // a parser that reads `:` as a digit with the value 10 would get 2030
        ("2030", ":030"),
        (":05+", ":0/+"),
        (":05+", ":0:+"),
        ("kvr=1", "kvr=4294967296"),
        ("kvr=1", "kvr=18446744073709551617"),
        ("2030", "+2030"),
        ("2030", "203"),
        ("-01-", "-13-"),
        ("-01-02", "-02-30"),
        ("-01-02", "-00-02"),
        ("T", "t"),
        ("T", " "),
        ("03:04", "24:04"),
        (":04:", ":60:"),
        (":05+", ":60+"),
        ("+00:00", "Z"),
        ("+00:00", "+0000"),
        ("+00:00", "+24:00"),
        ("+00:00", "+00:60"),
        ("+00:00", " 00:00"),
        (":05+00:00", ":05.0+00:00"),
    ] {
        let beans = good.replacen(from, to, 1);
        assert_eq!(verify(sealed(&beans)), Err(Reason::MalformedToken), "{beans}");
    }
    let token = sealed(&good);
    assert_eq!(verify(format!("{token};sig={}", &SIG)), Err(Reason::MalformedToken));
    assert_eq!(verify(format!("{token};")), Err(Reason::MalformedToken));
    assert_eq!(verify(format!("{good};sig=a=b")), Err(Reason::MalformedToken));
    assert_eq!(verify([good.as_bytes(), b";rls=\xff:0"].concat()), Err(Reason::MalformedToken));
}

#[test]
fn the_largest_version_and_dates_at_the_limits_are_parsed() {
    let unknown = format!("{AID};{EDT};kvr=4294967295");
    assert_eq!(verify(sealed(&unknown)), Err(Reason::UnknownKeyVersion));
    for (text, unix_s, offset_minutes) in [
        ("1970-01-01T00:00:00+00:00", 0, 0),
        ("1969-12-31T23:59:59+00:00", -1, 0),
        ("2000-02-29T12:00:00-00:30", 951_827_400, -30),
        ("2030-01-02T05:04:05+02:00", 1_893_553_445, 120),
        ("0000-01-01T00:00:00+23:59", -62_167_305_540, 1439),
        ("9999-12-31T23:59:59-23:59", 253_402_387_139, -1439),
    ] {
        let token = encoded(format!("{AID};edt={text}"));
        let read =
            ConnectionString::read(token.as_bytes(), |string| string.unwrap().unverified_beans().expires);
        assert_eq!(Some(read), Timestamp::new(unix_s, offset_minutes));
        assert_eq!(read.to_string(), text);
    }
}

#[test]
fn a_timestamp_that_the_format_cannot_express_is_rejected() {
    for (unix_s, offset_minutes) in [
        (i64::MAX, 0),
        (i64::MIN, -1),
        (253_402_300_800, 0),
        (-62_167_219_201, 0),
        (0, 1440),
        (0, -1440),
        (0, i16::MIN),
    ] {
        assert_eq!(Timestamp::new(unix_s, offset_minutes), None);
    }
}

#[test]
fn each_token_has_exactly_one_base64_encoding() {
    let tokens = ["a", "ab", "abc"].map(|name| encoded(sealed(&format!("{AID};{EDT};rls={name}:0;kvr=1"))));
    let pads = tokens.each_ref().map(|token| token.matches('=').count());
    assert_eq!(pads.iter().sum::<usize>(), 3, "the tokens have 0, 1 and 2 padding characters: {pads:?}");
    for token in &tokens {
        assert_eq!(verify_token(token.as_bytes()), Ok(1));
        for other in [format!("{token}="), format!("{token}===="), format!("{token}\n"), format!(" {token}")]
        {
            assert_eq!(verify_token(other.as_bytes()), Err(Reason::MalformedToken), "{other}");
        }
    }
    for token in tokens.iter().filter(|token| token.ends_with('=')) {
        let text = token.trim_end_matches('=');
        let (body, last) = text.split_at(text.len() - 1);
        let next = char::from(last.as_bytes()[0] + 1); // differs only in the unused bits
        for other in [text.to_owned(), format!("{body}{next}{}", &token[text.len()..])] {
            assert_eq!(verify_token(other.as_bytes()), Err(Reason::MalformedToken), "{other}");
        }
    }
    let url_safe = encoded(format!("{AID};{EDT};rls=~~?~>:0"));
    let replaced = url_safe.replace('+', "-").replace('/', "_");
    assert_ne!(url_safe, replaced);
    assert_eq!(verify_token(url_safe.as_bytes()), Err(Reason::MissingKeyVersion));
    assert_eq!(verify_token(replaced.as_bytes()), Err(Reason::MalformedToken));
}
