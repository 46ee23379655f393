//! Signature bases: RFC 9421's own, byte for byte, and every way a component is refused.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests fail by panicking")]

#[path = "message_base/spelling.rs"]
mod spelling;
#[path = "message_base/vectors.rs"]
mod vectors;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sealwire_core::http_signature::Component;
use sealwire_core::http_signature::base::{Message, Response, write_base};
use sealwire_core::http_signature::covered::{CoveredComponents, MAX_COMPONENTS, MAX_MEMBER_BYTES};
use sealwire_core::http_signature::{ComponentError, Problem};
use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{Dictionary, InnerList, Member};
use sealwire_core::{Header, Request};

/// The base of `message` under a member of `Signature-Input`.
pub(crate) fn base(member: &str, message: &Message<'_>) -> Result<String, ComponentError> {
    let covered = CoveredComponents::parse(inner_list(member))?;
    let mut buffer = [0; 16 * 1024];
    let mut writer = SliceWriter::new(&mut buffer);
    write_base(&mut writer, &covered, message)?;
    Ok(String::from_utf8(writer.finish().unwrap().to_vec()).unwrap())
}

fn inner_list(member: &str) -> InnerList<'_> {
    let (label, _) = member.split_once('=').unwrap();
    let dictionary = Dictionary::parse(std::iter::once(member.as_bytes())).unwrap();
    match dictionary.get(label) {
        Some(Member::InnerList(list)) => list,
        other => panic!("{member} holds {other:?}"),
    }
}

const HEADERS: [Header<'static>; 9] = [
    Header::new("Date", "Tue, 20 Apr 2021 02:07:56 GMT"),
    Header::new("Priority", "u=1,   i;  x=1"),
    Header::new("priority", "u=2"),
    Header::new("Accept-CH", "a,(b   c)"),
    Header::new("Client-Cert", "  :AQID:  "),
    Header::new("X-Fold", "one\r\n \t two\r\n three"),
    Header::new("X-Break", "one\n\"@method\": GET"),
    Header { name: b"X-Latin", value: b"caf\xe9" },
    Header::new("Content-Digest", "not a dictionary"),
];

const REQUEST: Request<'static> = Request {
    method: b"POST",
    target: b"/a?x=%41+b&%78%79=%e9&y=1&y=2&z=%zz",
    authority: b"Example.COM:443",
    scheme: b"HTTPS",
    headers: &HEADERS,
};

fn value(components: &str) -> Result<String, Problem> {
    value_in(components, &REQUEST)
}

/// The one component's value, without its identifier.
fn value_in(component: &str, request: &Request<'_>) -> Result<String, Problem> {
    let base =
        base(&format!("sig=({component})"), &Message::Request(request)).map_err(|error| error.problem)?;
    let (line, rest) = base.split_once('\n').unwrap();
    assert_eq!(rest, format!("\"@signature-params\": ({component})"), "a value spread over lines");
    Ok(line.strip_prefix(component).unwrap().strip_prefix(": ").unwrap().to_owned())
}

#[test]
fn fields_enter_in_the_form_asked_for() {
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
fn derived_components_are_normalised_once() {
    assert_eq!(value(r#""@authority""#).unwrap(), "example.com");
    assert_eq!(value(r#""@scheme""#).unwrap(), "https");
    assert_eq!(value(r#""@query-param";name="x""#).unwrap(), "A%20b");
    let bare = Request { target: b"?q", authority: b"[::1]:80", scheme: b"https", ..REQUEST };
    assert_eq!(value_in(r#""@path""#, &bare).unwrap(), "/");
    assert_eq!(value_in(r#""@target-uri""#, &bare).unwrap(), "https://[::1]:80/?q");
}

#[test]
fn a_percent_sign_without_hex_stands_for_itself() {
    let request = Request { target: b"/?z=%zz%4&z%=1", ..REQUEST };
    assert_eq!(value_in(r#""@query-param";name="z""#, &request).unwrap(), "%25zz%254");
    assert_eq!(value_in(r#""@query-param";name="z%25""#, &request).unwrap(), "1");
}

#[test]
fn every_problem_is_told_apart() {
    let cases = [
        ("1", Problem::BadName),
        (r#""""#, Problem::BadName),
        (r#""a\"b""#, Problem::BadName),
        (r#""@METHOD""#, Problem::UnknownDerived),
        (r#""@method";sf"#, Problem::UnknownParameter),
        (r#""@path";name="a""#, Problem::UnknownParameter),
        (r#""date";req=?0"#, Problem::BadParameter),
        (r#""date";sf;sf"#, Problem::BadParameter),
        (r#""date";key=a"#, Problem::BadParameter),
        (r#""@query-param""#, Problem::MissingParameter),
        (r#""date";sf;bs"#, Problem::ConflictingParameters),
        (r#""date";tr"#, Problem::Trailer),
        (r#""@status""#, Problem::ResponseOnly),
        (r#""@method";req"#, Problem::NoRequest),
        (r#""x-absent""#, Problem::Absent),
        (r#""priority";key="absent""#, Problem::Absent),
        (r#""x-break""#, Problem::Unsignable),
        (r#""x-latin""#, Problem::Unsignable),
        (r#""date";sf"#, Problem::UnknownType),
        (r#""content-digest";sf"#, Problem::NotOfType),
        (r#""accept-ch";key="a""#, Problem::NotOfType),
    ];
    for (component, problem) in cases {
        assert_eq!(value(component), Err(problem), "{component}");
    }
}

#[test]
fn bytes_are_encoded_whole_whatever_their_number() {
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
fn a_query_parameter_that_two_readers_could_read_differently_is_refused() {
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
fn a_request_line_cannot_forge_another_component() {
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

#[test]
fn a_component_counts_once_whatever_the_order_of_its_parameters() {
    let twice = r#"sig=("priority";req;key="u" "priority";key="u";req)"#;
    assert_eq!(CoveredComponents::parse(inner_list(twice)).unwrap_err().problem, Problem::Repeated);
    let distinct = r#"sig=("priority";key="u" "priority";key="i" "priority" "priority";bs "priority";req)"#;
    assert_eq!(CoveredComponents::parse(inner_list(distinct)).unwrap().components().count(), 5);
}

#[test]
fn each_derived_component_is_one_of_its_own() {
    let names = ["method", "authority", "scheme", "target-uri", "request-target", "path", "query", "status"];
    let plain = names.map(|name| format!("\"@{name}\"")).join(" ");
    let of_request = names.map(|name| format!("\"@{name}\";req")).join(" ");
    let member = format!("sig=({plain} {of_request})");
    assert_eq!(CoveredComponents::parse(inner_list(&member)).unwrap().components().count(), 16);
    let components: Vec<_> = names
        .map(|name| Component::named(std::format!("@{name}").leak()).unwrap())
        .into_iter()
        .flat_map(|component| [component, component.of_request()])
        .collect();
    let identifiers = names.map(|name| [format!("\"@{name}\""), format!("\"@{name}\";req")]);
    for (at, identifier) in identifiers.iter().flatten().enumerate() {
        let member = format!("sig=({identifier})");
        let covered = CoveredComponents::parse(inner_list(&member)).unwrap();
        for (other, component) in components.iter().enumerate() {
            assert_eq!(covered.covers(component), other == at, "{identifier} {component:?}");
        }
        let twice = format!("sig=({identifier} {identifier})");
        let error = CoveredComponents::parse(inner_list(&twice)).unwrap_err();
        assert_eq!(error.problem, Problem::Repeated, "{identifier}");
    }
}

#[test]
fn caps_hold() {
    let of = |count: usize| {
        format!("sig=({})", (0..count).map(|n| format!("\"a{n}\"")).collect::<Vec<_>>().join(" "))
    };
    assert!(CoveredComponents::parse(inner_list(&of(MAX_COMPONENTS))).is_ok());
    let long = format!("sig=();nonce=\"{}\"", "n".repeat(MAX_MEMBER_BYTES));
    let many = format!("sig=(){}", (0..17).map(|n| format!(";a{n}")).collect::<String>());
    for refused in [of(MAX_COMPONENTS + 1), long, many] {
        assert_eq!(CoveredComponents::parse(inner_list(&refused)).unwrap_err().problem, Problem::TooMany);
    }
    let repeated = CoveredComponents::parse(inner_list("sig=();created=1;created=2"));
    assert_eq!(repeated.unwrap_err().problem, Problem::Repeated);
    let separators = ",a".repeat(200);
    let headers = [Header::new("Priority", separators.get(1..).unwrap())];
    let request = Request { headers: &headers, ..REQUEST };
    assert_eq!(value_in(r#""priority";sf"#, &request), Err(Problem::TooLarge));
}

#[test]
fn a_field_wanted_whole_is_covered_by_its_whole_forms_only() {
    let covers = |components: &str, wanted: &str| {
        let member = format!("sig=({components})");
        CoveredComponents::parse(inner_list(&member)).unwrap().covers(&Component::named(wanted).unwrap())
    };
    assert!(covers(r#""@method" "content-digest""#, "content-digest"));
    assert!(covers(r#""content-digest";sf"#, "content-digest"));
    assert!(covers(r#""content-digest";bs"#, "content-digest"));
    assert!(!covers(r#""content-digest";key="sha-256""#, "content-digest"));
    assert!(!covers(r#""content-digest";req"#, "content-digest"));
    assert!(!covers(r#""@query""#, "@path"));
    assert!(Component::named("@query-param").is_err());
    assert!(Component::named("Date").is_err());
}

#[test]
fn an_error_names_the_component_and_never_its_value() {
    let error = base(r#"sig=("x-latin")"#, &Message::Request(&REQUEST)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "component x-latin: its value holds control characters or is not ASCII: cover a field with bs"
    );
}
