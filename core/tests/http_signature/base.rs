//! Tests of signature bases: the value of each component is correct, and no value can imitate another
//! component.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sealwire_core::http_signature::Problem;
use sealwire_core::http_signature::base::{Message, Response};
use sealwire_core::{Header, Request};

use super::{REQUEST, base, value, value_in};

#[test]
fn fields_have_the_requested_form() {
    assert_eq!(value(r#""priority""#).unwrap(), "u=1,   i;  x=1, u=2");
    assert_eq!(value(r#""priority";sf"#).unwrap(), "u=2, i;x=1");
    assert_eq!(value(r#""priority";key="i""#).unwrap(), "?1;x=1");
    assert_eq!(value(r#""priority";bs"#).unwrap(), ":dT0xLCAgIGk7ICB4PTE=:, :dT0y:");
    assert_eq!(value(r#""accept-ch";sf"#).unwrap(), "a, (b c)");
    assert_eq!(value(r#""client-cert";sf"#).unwrap(), ":AQID:");
    assert_eq!(value(r#""x-fold""#).unwrap(), "one two three");
    assert_eq!(value(r#""x-fold";bs"#).unwrap(), ":b25lIHR3byB0aHJlZQ==:");
    assert_eq!(value(r#""x-latin";bs"#).unwrap(), ":Y2Fm6Q==:");
}

#[test]
fn derived_components_are_normalised() {
    assert_eq!(value(r#""@authority""#).unwrap(), "example.com");
    assert_eq!(value(r#""@scheme""#).unwrap(), "https");
    assert_eq!(value(r#""@query-param";name="x""#).unwrap(), "A%20b");
    let bare = Request { target: b"?q", authority: b"[::1]:80", scheme: b"https", ..REQUEST };
    assert_eq!(value_in(r#""@path""#, &bare).unwrap(), "/");
    assert_eq!(value_in(r#""@target-uri""#, &bare).unwrap(), "https://[::1]:80/?q");
}

#[test]
fn a_default_or_empty_port_is_removed_from_the_authority() {
    for (authority, scheme, expected) in [
        (b"a:".as_slice(), b"http".as_slice(), "a"),
        (b"a:", b"https", "a"),
        (b"A:80", b"HTTP", "a"),
        (b"a:443", b"https", "a"),
        (b"a:80", b"https", "a:80"),
        (b"a:443", b"http", "a:443"),
        (b"a:80", b"coap", "a:80"),
        (b"a:", b"coap", "a"),
        (b"[::1]:443", b"https", "[::1]"),
    ] {
        let request = Request { authority, scheme, ..REQUEST };
        assert_eq!(value_in(r#""@authority""#, &request).unwrap(), expected);
    }
}

#[test]
fn a_percent_sign_without_hex_digits_is_kept() {
    let request = Request { target: b"/?z=%zz%4&z%=1", ..REQUEST };
    assert_eq!(value_in(r#""@query-param";name="z""#, &request).unwrap(), "%25zz%254");
    assert_eq!(value_in(r#""@query-param";name="z%25""#, &request).unwrap(), "1");
}

#[test]
fn fields_of_any_length_are_encoded() {
    for length in [47, 48, 49, 95, 96, 97, 200] {
        let sent: Vec<u8> = (0..length).map(|at| b'a' + at % 26).collect();
        let headers = [Header { name: b"x-long", value: &sent }];
        let request = Request { headers: &headers, ..REQUEST };
        let mut text = [0; 300];
        let written = STANDARD.encode_slice(&sent, &mut text).unwrap();
        let expected = std::str::from_utf8(&text[..written]).unwrap();
        assert_eq!(value_in(r#""x-long";bs"#, &request).unwrap(), format!(":{expected}:"), "{length}");
    }
}

#[test]
fn an_ambiguous_query_parameter_is_rejected() {
    let refused =
        |target: &'static [u8]| value_in(r#""@query-param";name="y""#, &Request { target, ..REQUEST });
    assert_eq!(refused(b"/?y=1&y=2"), Err(Problem::Ambiguous));
    assert_eq!(refused(b"/?y=1&%79=2"), Err(Problem::Ambiguous));
    assert_eq!(refused(b"/?y=%ff"), Err(Problem::Unsignable));
    assert_eq!(refused(b"/?%ff=1&y=1"), Err(Problem::Unsignable));
    assert_eq!(refused(b"/?yy=1"), Err(Problem::Absent));
    assert_eq!(refused(b"/"), Err(Problem::Absent));
}

#[test]
fn no_part_of_a_request_can_imitate_another_component() {
    let broken = Request { method: b"GET\n\"@path\": /", ..REQUEST };
    assert_eq!(value_in(r#""@method""#, &broken), Err(Problem::Unsignable));
    for target in ["/a\nb", "/a b", "/a#b", "*", "http://other/", "/\u{e9}"] {
        let broken = Request { target: target.as_bytes(), ..REQUEST };
        assert_eq!(value_in(r#""@path""#, &broken), Err(Problem::Unsignable), "{target}");
        assert_eq!(value_in(r#""@query""#, &broken), Err(Problem::Unsignable), "{target}");
    }
    for authority in ["", "a/b", "user@a", "a?b", "a\nb"] {
        let broken = Request { authority: authority.as_bytes(), ..REQUEST };
        assert_eq!(value_in(r#""@authority""#, &broken), Err(Problem::Unsignable), "{authority}");
    }
    let broken = Request { scheme: b"https://a", ..REQUEST };
    assert_eq!(value_in(r#""@target-uri""#, &broken), Err(Problem::Unsignable));
}

#[test]
fn a_response_is_bound_to_its_request() {
    let mut response = Response { status: 200, headers: &[], request: Some(&REQUEST) };
    let member = r#"sig=("@status" "@method";req "date";req)"#;
    let expected = "\"@status\": 200\n\"@method\";req: POST\n\"date\";req: Tue, 20 Apr 2021 02:07:56 GMT\n";
    assert!(base(member, &Message::Response(&response)).unwrap().starts_with(expected));
    response.request = None;
    assert_eq!(base(member, &Message::Response(&response)).unwrap_err().problem, Problem::NoRequest);
    response.status = 99;
    assert_eq!(base(member, &Message::Response(&response)).unwrap_err().problem, Problem::Unsignable);
    let request_only = base(r#"sig=("@method")"#, &Message::Response(&response));
    assert_eq!(request_only.unwrap_err().problem, Problem::RequestOnly);
}
