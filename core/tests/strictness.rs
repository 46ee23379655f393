//! What is almost right is refused: characters beside a range, names of equal length, labels given twice, values at a cap.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use sealwire_core::http_signature::covered::MAX_MEMBER_BYTES;
use sealwire_core::keys::{Key, KeyName, KeyRing, KeyRingBuilder, SecretError, Strength, Version};
use sealwire_core::mac::{HmacSha256, Mac};
use sealwire_core::{Coverage, Header, Policy, Reason, Request, Scheme, Signer, Signing, Text, Verifier};

const NOW_MS: u64 = 1_712_419_200_000;
const SECRET: &[u8] = b"an example secret of 32 bytes ok";

fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let version = Version { number: 1, secret: SECRET };
    for name in [KeyName::Pair("agent", "practices"), KeyName::Client("agent")] {
        builder.add(name, &[version], 1).unwrap();
    }
    builder.build()
}

type Headers = Vec<(String, String)>;

fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method: b"POST", target: b"/a", authority: b"practices", scheme: b"https", headers }
}

fn signed(scheme: Scheme) -> Headers {
    let ring = ring();
    let signer = Signer {
        name: "agent",
        keys: &ring,
        schemes: [Some(scheme), None, None],
        coverage: Coverage::default(),
    };
    let signing = Signing { receiver: "practices", nonce: "n-1", now_ms: NOW_MS, ..Signing::default() };
    let mut headers = Headers::new();
    signer.sign(&request(&[]), &signing, |name, value| headers.push((name.into(), value.into()))).unwrap();
    headers
}

fn judged(schemes: [Option<Scheme>; 3], headers: &Headers) -> Result<Scheme, (Reason, Option<&'static str>)> {
    let (policy, keys) = (Policy { schemes, ..Policy::new(Text::new("practices").unwrap()) }, ring());
    let lines: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
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
fn a_timestamp_holds_digits_and_not_the_characters_beside_them() {
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
fn a_scheme_is_chosen_by_its_own_headers() {
    let schemes = [Some(Scheme::Message), Some(Scheme::Client), Some(Scheme::Pairwise)];
    for scheme in Scheme::ALL {
        assert_eq!(judged(schemes, &signed(scheme)), Ok(scheme));
    }
    // Where none is present, the most preferred says what is missing.
    let nothing = judged(schemes, &Headers::new());
    assert_eq!(nothing, Err((Reason::MissingHeaders, Some("Signature-Input"))));
    // One of its headers is enough to be judged by: a client that lost its id is not a pair of services.
    for kept in ["X-Client-Id", "X-Signature"] {
        let headers: Headers = signed(Scheme::Client).into_iter().filter(|(name, _)| name == kept).collect();
        let (reason, field) = judged(schemes, &headers).unwrap_err();
        assert_eq!(reason, Reason::MissingHeaders, "{kept}");
        assert!(field.is_some_and(|field| field.starts_with("X-") && field != kept), "{field:?}");
    }
}

#[test]
fn a_label_that_stands_twice_is_refused_wherever_it_stands() {
    let ours = signed(Scheme::Message).into_iter().find(|(name, _)| name == "Signature-Input").unwrap().1;
    let (label, _) = ours.split_once('=').unwrap();
    let malformed = Err((Reason::MalformedHeader, Some("Signature-Input")));
    for other in ["()", "(\"@path\");tag=\"another\""] {
        for doubled in [format!("{ours}, {label}={other}"), format!("{label}={other}, {ours}")] {
            let headers = changed(Scheme::Message, "Signature-Input", |_| doubled.clone());
            assert_eq!(judged(only(Scheme::Message), &headers), malformed, "{other}");
        }
        let beside = changed(Scheme::Message, "Signature-Input", |_| format!("{ours}, another={other}"));
        assert_eq!(judged(only(Scheme::Message), &beside), Ok(Scheme::Message));
    }
}

#[test]
fn signatures_may_be_as_long_as_the_cap_and_no_longer() {
    let ours = signed(Scheme::Message).into_iter().find(|(name, _)| name == "Signature-Input").unwrap().1;
    let padded = |length: usize| {
        let other = format!("{ours}, a=();x=\"\"");
        let fill = "x".repeat(length - other.len());
        format!("{ours}, a=();x=\"{fill}\"")
    };
    for (length, accepted) in [(MAX_MEMBER_BYTES, true), (MAX_MEMBER_BYTES + 1, false)] {
        let headers = changed(Scheme::Message, "Signature-Input", |_| padded(length));
        assert_eq!(judged(only(Scheme::Message), &headers).is_ok(), accepted, "{length}");
    }
}

#[test]
fn one_byte_repeated_is_a_placeholder_from_three_bytes_on() {
    let checked = |length| Strength::AllowWeak.check(&vec![b'x'; length]);
    assert_eq!([1, 2].map(checked), [Ok(()), Ok(())]);
    assert_eq!([3, 32].map(checked), [Err(SecretError::OneByteRepeated); 2]);
}

#[test]
fn a_short_pattern_repeated_is_a_placeholder_from_three_times_on() {
    let checked = |text: &[u8]| Strength::AllowWeak.check(text);
    assert_eq!(checked(b"changemechangemechangemechangeme"), Err(SecretError::PatternRepeated));
    assert_eq!(checked(b"ababa_"), Ok(()));
    assert_eq!(checked(b"ababab"), Err(SecretError::PatternRepeated));
    assert_eq!(checked(b"abcdefghijklmnopabcdefghijklmnop"), Ok(()), "twice may be chance in a short secret");
    assert_eq!(checked(&b"abcdefghijklmnopq".repeat(4)), Ok(()), "seventeen bytes are no short pattern");
}

/// A sum of differences by exclusive or would let two equal ones cancel out.
#[test]
fn macs_that_differ_in_two_places_by_the_same_bits_are_not_equal() {
    let key = Key::<HmacSha256>::new(1, SECRET, Strength::Required).unwrap();
    let right = *key.mac().stream().end().mac().as_bytes();
    let is_found = |mac| key.mac().stream().end().find(&Mac::from_bytes(mac)).is_some();
    assert!(is_found(right));
    for (one, other) in (0..32).flat_map(|one| (0..one).map(move |other| (one, other))) {
        let mut mac = right;
        mac[one] ^= 0x10;
        mac[other] ^= 0x10;
        assert!(!is_found(mac), "{one} and {other}");
    }
}
