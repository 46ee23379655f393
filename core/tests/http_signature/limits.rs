//! Tests of the limits for covered components and structured values.

use sealwire_core::http_signature::Problem;
use sealwire_core::http_signature::covered::{CoveredComponents, MAX_COMPONENTS, MAX_MEMBER_BYTES};
use sealwire_core::{Header, Request};

use super::{REQUEST, covered, inner_list, value_in};

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

/// Adds this value of `Priority` to a signature base.
fn structured(value: &str) -> Result<(), Problem> {
    let headers = [Header::new("Priority", value)];
    value_in(r#""priority";sf"#, &Request { headers: &headers, ..REQUEST }).map(drop)
}

#[test]
fn a_structured_value_may_be_as_large_as_the_cap_and_no_larger() {
    let long = |length: usize| format!("a=\"{}\"", "x".repeat(length - 4));
    assert_eq!(structured(&long(4096)), Ok(()));
    for length in [4097, 5000, 8192] {
        assert_eq!(structured(&long(length)), Err(Problem::TooLarge), "{length}");
    }
    // Returns a list with many separators.
    let many = |members: usize| (0..members).map(|at| format!("a{at}")).collect::<Vec<_>>().join(",");
    assert_eq!(structured(&many(128)), Ok(()));
    assert_eq!(structured(&many(129)), Err(Problem::TooLarge));
}

#[test]
fn covered_components_are_limited_in_length() {
    let of = |length: usize| format!("s=();x=\"{}\"", "x".repeat(length - "();x=\"\"".len()));
    assert!(covered(&of(MAX_MEMBER_BYTES)).is_ok());
    assert_eq!(covered(&of(MAX_MEMBER_BYTES + 1)).err(), Some(Problem::TooMany));
}
