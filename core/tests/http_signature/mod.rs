//! Tests of covered components and their values.

mod base;
mod content_digest;
mod limits;
mod spelling;
mod vectors;

use std::collections::HashSet;

use sealwire_core::http_signature::base::{Message, write_base};
use sealwire_core::http_signature::covered::CoveredComponents;
use sealwire_core::http_signature::{Component, ComponentError, Problem};
use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{BareItem, Dictionary, InnerList, Member};
use sealwire_core::{Header, Request, Text};

/// Returns the signature base of `message`. `member` is a member of `Signature-Input`.
fn base(member: &str, message: &Message<'_>) -> Result<String, ComponentError> {
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
        other => panic!("{member} contains {other:?}"),
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

/// Returns the value of a single component, without its identifier.
fn value_in(component: &str, request: &Request<'_>) -> Result<String, Problem> {
    let base =
        base(&format!("sig=({component})"), &Message::Request(request)).map_err(|error| error.problem)?;
    let (line, rest) = base.split_once('\n').unwrap();
    assert_eq!(rest, format!("\"@signature-params\": ({component})"), "the value must be a single line");
    Ok(line.strip_prefix(component).unwrap().strip_prefix(": ").unwrap().to_owned())
}

/// Returns the components that a member of `Signature-Input` covers.
fn covered(member: &str) -> Result<CoveredComponents<'_>, Problem> {
    CoveredComponents::parse(inner_list(member)).map_err(|error| error.problem)
}

#[test]
fn derived_components_with_parameters_of_fields_are_rejected() {
    for parameter in ["sf", "bs", "key=\"a\"", "name=\"a\""] {
        let member = format!("s=(\"@path\";{parameter})");
        assert_eq!(covered(&member).err(), Some(Problem::UnknownParameter), "{parameter}");
    }
    assert!(covered("s=(\"@query-param\";name=\"b\")").is_ok());
    assert!(covered("s=(\"@path\";req)").is_ok());
}

#[test]
fn components_of_the_request_and_of_the_response_are_different() {
    let member = "s=(\"date\";req);created=5";
    let covered = covered(member).unwrap();
    let date = Component::named("date").unwrap();
    assert!(covered.covers(&date.of_request()));
    assert!(!covered.covers(&date));
    assert!(covered.parameters().sent().eq([(b"created".as_slice(), BareItem::Integer(5))]));
}

#[test]
fn all_problems_are_distinguished() {
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
fn repeated_components_are_detected_in_any_order_of_parameters() {
    let twice = r#"sig=("priority";req;key="u" "priority";key="u";req)"#;
    assert_eq!(CoveredComponents::parse(inner_list(twice)).unwrap_err().problem, Problem::Repeated);
    let distinct = r#"sig=("priority";key="u" "priority";key="i" "priority" "priority";bs "priority";req)"#;
    assert_eq!(CoveredComponents::parse(inner_list(distinct)).unwrap().components().count(), 5);
}

#[test]
fn derived_components_are_different() {
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
fn only_complete_forms_cover_a_complete_field() {
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
fn an_error_contains_the_component_but_not_its_value() {
    let error = base(r#"sig=("x-latin")"#, &Message::Request(&REQUEST)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "component x-latin: its value contains control characters or is not ASCII: cover a field with bs"
    );
}

#[test]
fn all_problems_of_components_have_different_messages() {
    use Problem::{
        Absent, Ambiguous, BadName, BadParameter, ConflictingParameters, MissingParameter, NoRequest,
        NotOfType, Repeated, RequestOnly, ResponseOnly, TooLarge, TooMany, Trailer, UnknownDerived,
        UnknownParameter, UnknownType, Unsignable,
    };
    let problems = [
        BadName,
        UnknownDerived,
        UnknownParameter,
        BadParameter,
        MissingParameter,
        ConflictingParameters,
        Trailer,
        Repeated,
        TooMany,
        RequestOnly,
        ResponseOnly,
        NoRequest,
        Absent,
        Ambiguous,
        Unsignable,
        UnknownType,
        NotOfType,
        TooLarge,
    ];
    let texts: HashSet<_> = problems.iter().map(|problem| problem.text()).collect();
    assert_eq!(texts.len(), problems.len());
    for problem in problems {
        let error = ComponentError { component: Text::new("@path").unwrap(), problem };
        assert_eq!(error.to_string(), format!("component @path: {}", problem.text()));
    }
}
