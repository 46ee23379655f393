//! What no test held until mutation testing showed it.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_core::replay::Outcome;
use sealwire_core::structured_fields::Item;
use sealwire_core::{
    Counter, Coverage, Header, Policy, Request, Scheme, SignError, Signer, Signing, Text, Verifier,
};

const NOW_MS: u64 = 1_712_419_200_000;

fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    let version = Version { number: 1, secret: b"an example secret of 32 bytes ok" };
    builder.add(KeyName::Pair("agent", "practices"), &[version], 1).unwrap();
    builder.build()
}

fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method: b"POST", target: b"/a", authority: b"practices", scheme: b"https", headers }
}

fn sign(sent: &[Header<'_>]) -> Result<Vec<(String, String)>, SignError> {
    let ring = ring();
    let schemes = [Some(Scheme::Message), None, None];
    let signer = Signer { name: "agent", keys: &ring, schemes, coverage: Coverage::default() };
    let signing =
        Signing { receiver: "practices", body: b"{}", user_id: Some("7"), nonce: "n-1", now_ms: NOW_MS };
    let mut headers = Vec::new();
    signer.sign(&request(sent), &signing, |name, value| headers.push((name.into(), value.into())))?;
    Ok(headers)
}

#[test]
fn what_signing_sends_itself_is_not_sent_twice() {
    assert!(sign(&[]).is_ok());
    for name in ["x-user-id", "Content-Digest"] {
        let error = sign(&[Header::new(name, "8")]).unwrap_err();
        assert!(matches!(error, SignError::Present(named) if named.eq_ignore_ascii_case(name)), "{error}");
    }
}

#[test]
fn any_number_of_other_signatures_may_stand_beside_ours() {
    let signed = sign(&[]).unwrap();
    let policy = Policy::new(Text::new("practices").unwrap());
    let keys = ring();
    let verifier = Verifier { policy: &policy, keys: &keys };
    let others = ["a=()", "b=();tag=\"x\"", "c=()"].map(|value| Header::new("Signature-Input", value));
    for count in 0..=others.len() {
        let ours = signed.iter().map(|(name, value)| Header::new(name, value));
        let headers: Vec<_> = ours.chain(others.into_iter().take(count)).collect();
        assert!(verifier.verify(&request(&headers), b"{}", None, NOW_MS).is_ok(), "{count} others");
    }
}

#[test]
fn a_counter_says_how_many_there_were() {
    let counter = Counter::default();
    counter.count();
    counter.add(41);
    assert_eq!(counter.total(), 42);
}

#[test]
fn a_quoted_string_equals_its_text_and_no_other() {
    let item = Item::parse(std::iter::once(br#""a\"b""#.as_slice())).unwrap();
    let sealwire_core::structured_fields::BareItem::String(string) = item.value else { unreachable!() };
    assert!(string == *"a\"b");
    assert!(string != *"a\\\"b" && string != *"a\"" && string != *"a\"bc");
}

#[test]
fn a_streamed_request_notes_its_second_on_the_key() {
    let headers = sign(&[]).unwrap();
    let headers: Vec<_> = headers.iter().map(|(name, value)| Header::new(name, value)).collect();
    let (policy, keys) = (Policy::new(Text::new("practices").unwrap()), ring());
    let verifier = Verifier { policy: &policy, keys: &keys };
    let mut pending = verifier.begin(&request(&headers), None, NOW_MS).unwrap();
    pending.update(b"{}").unwrap();
    verifier.settle(&pending.finish().unwrap(), Outcome::First, NOW_MS + 2999).unwrap();
    let used = keys.status().next().unwrap();
    assert_eq!((used.accepted, used.last_accepted_s), (1, u32::try_from(NOW_MS / 1000 + 2).ok()));
}

#[test]
fn every_error_of_signing_says_what_to_mend() {
    use SignError::{Method, Name, NoKey, Nonce, Present, Target, TooLong, UserId};
    let errors = [NoKey(Scheme::Client), Name, Method, Target, Nonce, UserId, Present("x"), TooLong];
    let mut said: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert!(said.iter().all(|text| text.len() > 20 && !text.contains("example")));
    said.sort();
    said.dedup();
    assert_eq!(said.len(), errors.len(), "each its own sentence");
}
