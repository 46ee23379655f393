//! Tests of scheme selection and header parsing.

mod message;
mod properties;

use sealwire_core::{Policy, Reason, Scheme, Verifier};

use crate::common::{Headers, NOW_MS, SIGNING, lines, policy, request, ring, sign, signer};

fn signed(scheme: Scheme) -> Headers {
    sign(&signer("agent", &ring(), scheme), &request(&[]), &SIGNING).unwrap()
}

fn judged(schemes: [Option<Scheme>; 3], headers: &Headers) -> Result<Scheme, (Reason, Option<&'static str>)> {
    let (policy, keys) = (Policy { schemes, ..policy(Scheme::Message) }, ring());
    let lines = lines(headers);
    let verifier = Verifier { policy: &policy, keys: &keys };
    let judged = verifier.verify(&request(&lines), b"", None, NOW_MS);
    judged.map(|it| it.scheme).map_err(|rejected| (rejected.reason, rejected.field))
}

fn changed(scheme: Scheme, header: &str, change: impl Fn(&str) -> String) -> Headers {
    let change = |(name, value): (String, String)| {
        let value = if name == header { change(&value) } else { value };
        (name, value)
    };
    signed(scheme).into_iter().map(change).collect()
}

fn only(scheme: Scheme) -> [Option<Scheme>; 3] {
    [Some(scheme), None, None]
}

#[test]
fn a_timestamp_contains_only_digits() {
    for beside in [":", "/", " ", "+", "-"] {
        for (scheme, header) in [(Scheme::Pairwise, "X-Service-Timestamp"), (Scheme::Client, "X-Timestamp")] {
            let headers = changed(scheme, header, |value| format!("{}{beside}", &value[..value.len() - 1]));
            assert_eq!(
                judged(only(scheme), &headers),
                Err((Reason::MalformedHeader, Some(header))),
                "{beside}"
            );
        }
    }
}

#[test]
fn a_header_of_the_same_length_and_last_letter_is_another_header() {
    for scheme in Scheme::ALL {
        assert_eq!(judged(only(scheme), &signed(scheme)), Ok(scheme));
        for (name, _) in signed(scheme) {
            let other = format!("Z{}", &name[1..]);
            let headers: Headers = signed(scheme)
                .into_iter()
                .map(|(held, value)| (if held == name { other.clone() } else { held }, value))
                .collect();
            assert!(judged(only(scheme), &headers).is_err(), "{other} for {name}");
        }
    }
}

#[test]
fn a_scheme_is_selected_by_its_headers() {
    let schemes = [Some(Scheme::Message), Some(Scheme::Client), Some(Scheme::Pairwise)];
    for scheme in Scheme::ALL {
        assert_eq!(judged(schemes, &signed(scheme)), Ok(scheme));
    }
    // If the request contains no signature headers, the first scheme reports the missing headers.
    let nothing = judged(schemes, &Headers::new());
    assert_eq!(nothing, Err((Reason::MissingHeaders, Some("Signature-Input"))));
    // A single header selects the scheme, so a `client` request with a missing header is not verified as a
    // `pairwise` request.
    for kept in ["X-Client-Id", "X-Signature"] {
        let headers: Headers = signed(Scheme::Client).into_iter().filter(|(name, _)| name == kept).collect();
        let (reason, field) = judged(schemes, &headers).unwrap_err();
        assert_eq!(reason, Reason::MissingHeaders, "{kept}");
        assert!(field.is_some_and(|field| field.starts_with("X-") && field != kept), "{field:?}");
    }
}
