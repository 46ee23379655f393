//! Which key is found, what a nonce is known by, and what a verification that is under way tells.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use sealwire_core::Exchange;
use sealwire_core::keys::{
    Key, KeyName, KeyRing, KeyRingBuilder, KeySet, KeySource, StaticKeys, Strength, Version,
};
use sealwire_core::replay::{Entry, Nonce, shared_key};
use sealwire_core::sink::{Count, Sink as _};
use sealwire_core::{Coverage, Header, Policy, Request, Scheme, SignError, Signer, Signing, Text, Verifier};

const NOW_MS: u64 = 1_712_419_200_000;
const SECRET: &[u8] = b"an example secret of 32 bytes ok";
const CLIENT: &[u8] = b"another secret, also of 32 bytes";

fn request<'a>(headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method: b"POST", target: b"/a", authority: b"practices", scheme: b"https", headers }
}

fn ring() -> KeyRing {
    let mut builder = KeyRingBuilder::new(Strength::Required);
    builder.add(KeyName::Pair("agent", "practices"), &[Version { number: 1, secret: SECRET }], 1).unwrap();
    builder.add(KeyName::Client("agent"), &[Version { number: 9, secret: CLIENT }], 9).unwrap();
    builder.build()
}

type Headers = Vec<(String, String)>;

fn sign(scheme: Scheme, name: &str, receiver: &str) -> Result<Headers, SignError> {
    let ring = ring();
    let signer =
        Signer { name, keys: &ring, schemes: [Some(scheme), None, None], coverage: Coverage::default() };
    let signing = Signing { receiver, nonce: "n-1", now_ms: NOW_MS, ..Signing::default() };
    let mut headers = Headers::new();
    signer.sign(&request(&[]), &signing, |name, value| headers.push((name.into(), value.into())))?;
    Ok(headers)
}

fn lines(headers: &Headers) -> Vec<Header<'_>> {
    headers.iter().map(|(name, value)| Header::new(name, value)).collect()
}

#[test]
fn keys_in_static_memory_are_found_by_their_own_name_and_no_other() {
    let keys = [1, 2, 3].map(|version| [Key::new(version, SECRET, Strength::Required).unwrap()]);
    let [pair, other, client] =
        keys.each_ref().map(|keys| KeySet::new(keys, keys.first().unwrap().version()).unwrap());
    let named =
        [(KeyName::Pair("a", "b"), pair), (KeyName::Pair("a", "c"), other), (KeyName::Client("a"), client)];
    let ring = StaticKeys(&named);
    let found = |name| ring.find(name).map(|set| set.primary().version());
    assert_eq!(found(KeyName::Pair("a", "b")), Some(1));
    assert_eq!(found(KeyName::Pair("b", "a")), Some(1), "in any order");
    assert_eq!(found(KeyName::Pair("c", "a")), Some(2));
    assert_eq!(found(KeyName::Client("a")), Some(3));
    for name in
        [KeyName::Pair("a", "a"), KeyName::Pair("b", "b"), KeyName::Pair("b", "c"), KeyName::Client("b")]
    {
        assert_eq!(found(name), None, "{name:?}");
    }
}

#[test]
fn a_name_that_no_service_may_have_signs_nothing_even_where_there_is_a_key_for_it() {
    let keys = [Key::new(1, SECRET, Strength::Required).unwrap()];
    let named = [(KeyName::Pair("agent.x", "practices"), KeySet::new(&keys, 1).unwrap())];
    for scheme in [Scheme::Pairwise, Scheme::Message] {
        let keys = StaticKeys(&named);
        let schemes = [Some(scheme), None, None];
        let signer = Signer { name: "agent.x", keys: &keys, schemes, coverage: Coverage::default() };
        let signing = Signing { receiver: "practices", nonce: "n-1", now_ms: NOW_MS, ..Signing::default() };
        let signed = signer.sign(&request(&[]), &signing, |_, _| unreachable!("nothing is sent"));
        assert_eq!(signed, Err(SignError::Name), "{scheme}");
    }
}

#[test]
fn who_shares_no_key_with_the_receiver_signs_as_a_client() {
    let key_id = |receiver| {
        let headers = sign(Scheme::Message, "agent", receiver).unwrap();
        let input = headers.iter().find(|(name, _)| name == "Signature-Input").unwrap().1.clone();
        input.split_once("keyid=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    };
    assert_eq!(key_id("practices"), "agent/practices#1");
    assert_eq!(key_id("meals"), "agent#9");
    assert_eq!(key_id(""), "agent#9");
    assert_eq!(sign(Scheme::Message, "stranger", "practices"), Err(SignError::NoKey(Scheme::Message)));
    assert_eq!(sign(Scheme::Pairwise, "agent", "meals"), Err(SignError::NoKey(Scheme::Pairwise)));
}

#[test]
fn an_answer_to_a_client_is_signed_with_the_client_s_key_whatever_the_service_is_called() {
    let ring = ring();
    let answered_with = |scheme, service| {
        let sent = sign(scheme, "agent", "meals").unwrap();
        let sent = lines(&sent);
        let exchange = Exchange { caller: "agent", service, keys: &ring, scheme, request: request(&sent) };
        let mut headers = Headers::new();
        exchange.sign(200, b"", NOW_MS, |name, value| headers.push((name.into(), value.into()))).unwrap();
        exchange.verify(200, &lines(&headers), b"").unwrap().key_version
    };
    // `practices` shares a pair key with it, which is not what the request was signed with.
    assert_eq!(answered_with(Scheme::Client, "practices"), 9);
    assert_eq!(answered_with(Scheme::Client, "meals"), 9);
    assert_eq!(answered_with(Scheme::Message, "meals"), 9);
}

#[test]
fn what_cannot_be_sent_is_not_signed() {
    let ring = ring();
    let signed = |request: &Request<'_>, signing: &Signing<'_>, scheme| {
        let signer = Signer {
            name: "agent",
            keys: &ring,
            schemes: [Some(scheme), None, None],
            coverage: Coverage::default(),
        };
        signer.sign(request, signing, |_, _| {}).err()
    };
    let signing = Signing { receiver: "practices", nonce: "n-1", now_ms: NOW_MS, ..Signing::default() };
    for scheme in Scheme::ALL {
        assert_eq!(signed(&request(&[]), &signing, scheme), None);
        for (changed, error) in [
            (Request { method: b"PO ST", ..request(&[]) }, SignError::Method),
            (Request { method: b"", ..request(&[]) }, SignError::Method),
            (Request { target: b"a", ..request(&[]) }, SignError::Target),
            (Request { target: b"/a b", ..request(&[]) }, SignError::Target),
            (Request { target: b"/a#b", ..request(&[]) }, SignError::Target),
        ] {
            assert_eq!(signed(&changed, &signing, scheme), Some(error), "{scheme}");
        }
        let nonce = Signing { nonce: "a b", ..signing };
        assert_eq!(signed(&request(&[]), &nonce, scheme), Some(SignError::Nonce), "{scheme}");
        let braces = Signing { nonce: "{3f+/a=}", ..signing };
        let refused = (scheme != Scheme::Client).then_some(SignError::Nonce);
        assert_eq!(signed(&request(&[]), &braces, scheme), refused, "{scheme}");
        let user = Signing { user_id: Some("a\nb"), ..signing };
        assert_eq!(signed(&request(&[]), &user, scheme), Some(SignError::UserId), "{scheme}");
    }
}

#[test]
fn more_components_than_may_be_covered_are_too_long_and_a_broken_one_is_not() {
    let (ring, names) = (ring(), (0..64).map(|at| format!("x-{at}")).collect::<Vec<_>>());
    let fields: Vec<_> = names.iter().map(String::as_str).collect();
    let headers: Vec<_> = fields.iter().map(|name| Header::new(name, "1")).collect();
    let signed = |fields: &[&str], headers: &[Header<'_>]| {
        let coverage = Coverage { fields, ..Coverage::default() };
        let signer =
            Signer { name: "agent", keys: &ring, schemes: [Some(Scheme::Message), None, None], coverage };
        let signing = Signing { receiver: "practices", nonce: "n-1", now_ms: NOW_MS, ..Signing::default() };
        signer.sign(&request(headers), &signing, |_, _| {}).err()
    };
    assert_eq!(signed(&fields, &headers), Some(SignError::TooLong));
    let broken = signed(&["x-a"], &[Header::new("x-a", "1\n2")]);
    assert!(matches!(broken, Some(SignError::Component(error)) if error.component.as_str() == "x-a"));
}

#[test]
fn a_verification_under_way_tells_what_it_waits_for_and_what_to_claim() {
    let keys = ring();
    for (scheme, reads_body, nonce) in [
        (Scheme::Client, false, Some("n-1")),
        (Scheme::Message, true, Some("n-1")),
        (Scheme::Pairwise, true, None),
    ] {
        let policy =
            Policy { schemes: [Some(scheme), None, None], ..Policy::new(Text::new("practices").unwrap()) };
        let verifier = Verifier { policy: &policy, keys: &keys };
        let sent = sign(scheme, "agent", "practices").unwrap();
        let pending = verifier.begin(&request(&lines(&sent)), None, NOW_MS).unwrap();
        assert_eq!(pending.reads_body(), reads_body, "{scheme}");
        let proven = pending.finish().unwrap();
        let key = nonce.map(|nonce| shared_key(Nonce { sender: "agent", nonce: nonce.as_bytes() }));
        assert_eq!(proven.shared_key(), key, "{scheme}");
        // The first second at which the request is stale: only then may the nonce be forgotten.
        let until = proven.expires_s();
        let at = |now_s: u64| verifier.verify(&request(&lines(&sent)), b"", None, now_s * 1000).is_ok();
        assert!(at(until - 1), "{scheme}: still fresh while it is remembered");
        assert!(!at(until + 1), "{scheme}: never fresh after");
        assert_eq!(until, NOW_MS / 1000 + 301, "{scheme}");
    }
}

#[test]
fn a_request_in_one_call_notes_its_second_on_the_key() {
    let (policy, keys) = (Policy::new(Text::new("practices").unwrap()), ring());
    let sent = sign(Scheme::Message, "agent", "practices").unwrap();
    let verifier = Verifier { policy: &policy, keys: &keys };
    verifier.verify(&request(&lines(&sent)), b"", None, NOW_MS + 2999).unwrap();
    let used = keys.status().find(|status| status.name == "agent/practices").unwrap();
    assert_eq!((used.accepted, used.last_accepted_s), (1, u32::try_from(NOW_MS / 1000 + 2).ok()));
}

#[test]
fn a_nonce_has_two_buckets_of_its_own_and_a_fingerprint() {
    for buckets in [2, 3, 8, 1000] {
        let places: Vec<_> = (0..500_u32)
            .map(|number| {
                Entry::locate(Nonce { sender: "a", nonce: &number.to_le_bytes() }, &[7; 16], buckets)
            })
            .collect();
        for place in &places {
            let (first, second) = place.buckets();
            assert!(first < buckets && second < buckets && first != second, "{place:?} of {buckets}");
        }
        let fingerprints: std::collections::HashSet<_> = places.iter().map(Entry::fingerprint).collect();
        assert_eq!(fingerprints.len(), places.len());
        let firsts: std::collections::HashSet<_> = places.iter().map(Entry::buckets).collect();
        assert!(firsts.len() >= buckets.min(300), "spread over {buckets}");
    }
}

#[test]
fn a_count_is_of_all_bytes_and_stays_at_the_most() {
    let mut count = Count::default();
    count.put(b"abc");
    count.put(b"");
    count.put(b"de");
    assert_eq!(count.0, 5);
    count.0 = usize::MAX - 1;
    count.put(b"abc");
    assert_eq!(count.0, usize::MAX);
}
