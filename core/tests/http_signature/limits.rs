//! Tests of the limits for covered components and structured values.

use sealwire_core::http_signature::Problem;
use sealwire_core::http_signature::base::Message;
use sealwire_core::http_signature::covered::{CoveredComponents, MAX_COMPONENTS, MAX_MEMBER_BYTES};
use sealwire_core::{Header, Request};

use super::{REQUEST, base, covered, inner_list, value_in};

#[test]
fn the_limits_apply() {
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

/// Creates a signature base that covers a `Priority` header with this value.
fn structured(value: &str) -> Result<(), Problem> {
    let headers = [Header::new("Priority", value)];
    value_in(r#""priority";sf"#, &Request { headers: &headers, ..REQUEST }).map(drop)
}

#[test]
fn large_structured_values_are_rejected() {
    let long = |length: usize| format!("a=\"{}\"", "x".repeat(length - 4));
    assert_eq!(structured(&long(2600)), Ok(()));
    for length in [2900, 4097, 8192] {
        assert_eq!(structured(&long(length)), Err(Problem::TooLarge), "{length}");
    }
    // A list with many members has many separators.
    let many = |members: usize| (0..members).map(|at| format!("a{at}")).collect::<Vec<_>>().join(",");
    assert_eq!(structured(&many(58)), Ok(()));
    assert_eq!(structured(&many(80)), Err(Problem::TooLarge));
}

/// Creates a signature base that covers `count` headers with this value, each in this form. The headers are
/// named `x-0`, `x-1` and so on.
fn fields(count: usize, form: &str, value: &str) -> Result<(), Problem> {
    let names: Vec<_> = (0..count).map(|at| format!("x-{at}")).collect();
    let headers: Vec<_> = names.iter().map(|name| Header::new(name, value)).collect();
    let components: Vec<_> = names.iter().map(|name| format!("\"{name}\"{form}")).collect();
    let member = format!("sig=({})", components.join(" "));
    base(&member, &Message::Request(&Request { headers: &headers, ..REQUEST }))
        .map(drop)
        .map_err(|error| error.problem)
}

#[test]
fn the_fields_of_one_signature_share_a_limit() {
    for (form, length) in [("", 5400), (";bs", 1800)] {
        assert_eq!(fields(1, form, &"a".repeat(length)), Ok(()), "{form}");
        assert_eq!(fields(1, form, &"a".repeat(length + 200)), Err(Problem::TooLarge), "{form}");
        assert_eq!(fields(20, form, &"a".repeat(length / 50)), Ok(()), "{form}");
        assert_eq!(fields(20, form, &"a".repeat(length / 15)), Err(Problem::TooLarge), "{form}");
    }
    assert_eq!(fields(10, ";key=\"a\"", "a, b"), Ok(()));
    assert_eq!(fields(30, ";key=\"a\"", "a, b"), Err(Problem::TooLarge));
}

#[test]
fn the_number_of_compared_header_names_is_limited() {
    let looked_for = |lines: usize| {
        let names: Vec<_> = (0..lines).map(|at| format!("x-{at:03}z")).collect();
        let headers: Vec<_> = names.iter().map(|name| Header::new(name, "1")).collect();
        let components: Vec<_> = names.iter().take(10).map(|name| format!("\"{name}\"")).collect();
        let member = format!("sig=({})", components.join(" "));
        base(&member, &Message::Request(&Request { headers: &headers, ..REQUEST }))
            .map(drop)
            .map_err(|error| error.problem)
    };
    assert_eq!(looked_for(30), Ok(()));
    assert_eq!(
        looked_for(60),
        Err(Problem::TooLarge),
        "all names have the same length and the same last letter"
    );
}

#[test]
fn covered_components_are_limited_in_length() {
    let of = |length: usize| format!("s=();x=\"{}\"", "x".repeat(length - "();x=\"\"".len()));
    assert!(covered(&of(MAX_MEMBER_BYTES)).is_ok());
    assert_eq!(covered(&of(MAX_MEMBER_BYTES + 1)).err(), Some(Problem::TooMany));
}
