//! Tests of key lookup, usage reports and the replacement of key rings.

use sealwire_core::Counter;
use sealwire_core::keys::{
    Key, KeyName, KeyRing, KeyRingBuilder, KeyRingError, KeyRingFault, KeySet, KeySetError, KeySource,
    KeyStatus, SecretError, StaticKeys, Strength, Version,
};

use crate::common::{SECRET, assert_messages_name};

const PAIR: KeyName<'static> = KeyName::Pair("practices", "agent");

fn ring(versions: &[u32], primary: u32) -> KeyRing {
    let versions: Vec<_> =
        versions.iter().map(|number| Version { number: *number, secret: SECRET }).collect();
    let mut builder = KeyRingBuilder::new(Strength::Required);
    builder.add(PAIR, &versions, primary).unwrap();
    builder.add(KeyName::Client("billing"), &versions, primary).unwrap();
    builder.issuer(&versions, primary).unwrap();
    builder.build()
}

fn status(ring: &KeyRing, name: &str, version: u32) -> KeyStatus {
    ring.status().find(|it| it.name == name && it.version == version).unwrap()
}

#[test]
fn all_versions_report_their_usage() {
    let ring = ring(&[1, 2], 2);
    let set = ring.find(PAIR).unwrap();
    set.version(1).unwrap().usage().note(7);
    set.version(1).unwrap().usage().note(6);
    ring.issuer().unwrap().primary().usage().note(9);
    let old = status(&ring, "agent/practices", 1);
    assert_eq!((old.primary, old.accepted, old.last_accepted_s), (false, 2, Some(7)));
    let new = status(&ring, "agent/practices", 2);
    assert_eq!((new.primary, new.accepted, new.last_accepted_s), (true, 0, None));
    assert_eq!(status(&ring, "issuer", 2).accepted, 1);
    assert_eq!((ring.status().count(), ring.len()), (6, 3));
    assert!(!ring.is_empty() && KeyRing::default().is_empty());
}

#[test]
fn a_version_in_both_rings_keeps_its_count() {
    let (before, after) = (ring(&[1, 2], 1), ring(&[2, 3], 3));
    before.find(PAIR).unwrap().version(2).unwrap().usage().note(5);
    before.issuer().unwrap().version(2).unwrap().usage().note(8);
    after.find(PAIR).unwrap().version(2).unwrap().usage().note(3);
    after.carry_over(&before);
    let kept = status(&after, "agent/practices", 2);
    assert_eq!((kept.accepted, kept.last_accepted_s), (2, Some(5)));
    assert_eq!(status(&after, "issuer", 2).last_accepted_s, Some(8));
    assert_eq!(status(&after, "billing", 2).accepted, 0);
    assert_eq!(status(&after, "agent/practices", 3).accepted, 0);
}

#[test]
fn no_output_contains_a_secret() {
    let ring = ring(&[1], 1);
    let shown = format!("{ring:?} {:?} {:?}", Version { number: 1, secret: SECRET }, ring.find(PAIR));
    assert!(!shown.contains("example") && !shown.contains("97, 110"), "{shown}");
    assert!(shown.contains("Version(1, ..)"));
}

#[test]
fn keys_in_static_memory_are_found_only_by_their_name() {
    let keys = [1, 2, 3].map(|version| [Key::new(version, SECRET, Strength::Required).unwrap()]);
    let [pair, other, client] =
        keys.each_ref().map(|keys| KeySet::new(keys, keys.first().unwrap().version()).unwrap());
    let named =
        [(KeyName::Pair("a", "b"), pair), (KeyName::Pair("a", "c"), other), (KeyName::Client("a"), client)];
    let ring = StaticKeys(&named);
    let found = |name| ring.find(name).map(|set| set.primary().version());
    assert_eq!(found(KeyName::Pair("a", "b")), Some(1));
    assert_eq!(found(KeyName::Pair("b", "a")), Some(1), "the order of the names is not significant");
    assert_eq!(found(KeyName::Pair("c", "a")), Some(2));
    assert_eq!(found(KeyName::Client("a")), Some(3));
    for name in
        [KeyName::Pair("a", "a"), KeyName::Pair("b", "b"), KeyName::Pair("b", "c"), KeyName::Client("b")]
    {
        assert_eq!(found(name), None, "{name:?}");
    }
}

#[test]
fn one_byte_repeated_three_times_is_a_placeholder() {
    let checked = |length| Strength::AllowWeak.check(&vec![b'x'; length]);
    assert_eq!([1, 2].map(checked), [Ok(()), Ok(())]);
    assert_eq!([3, 32].map(checked), [Err(SecretError::OneByteRepeated); 2]);
}

#[test]
fn a_short_pattern_repeated_three_times_is_a_placeholder() {
    let checked = |text: &[u8]| Strength::AllowWeak.check(text);
    assert_eq!(checked(b"changemechangemechangemechangeme"), Err(SecretError::PatternRepeated));
    assert_eq!(checked(b"ababa_"), Ok(()));
    assert_eq!(checked(b"ababab"), Err(SecretError::PatternRepeated));
    assert_eq!(checked(b"abcdefghijklmnopabcdefghijklmnop"), Ok(()), "two repetitions are accepted");
    assert_eq!(checked(&b"abcdefghijklmnopq".repeat(4)), Ok(()), "a pattern of 17 bytes is accepted");
}

#[test]
fn a_counter_returns_the_number_of_events() {
    let counter = Counter::default();
    counter.count();
    counter.add(41);
    assert_eq!(counter.total(), 42);
}

#[test]
fn all_errors_of_keys_have_different_messages() {
    let ring = |cause| KeyRingError { entry: "a/b".into(), cause };
    let rings = [
        KeyRingFault::Name,
        KeyRingFault::Twice,
        KeyRingFault::SameName("c/d".into()),
        KeyRingFault::Clash("c/d".into()),
        KeyRingFault::Secret(7, SecretError::Empty),
        KeyRingFault::Set(KeySetError::Empty),
    ]
    .map(ring);
    let secrets = [
        SecretError::Empty,
        SecretError::TooShort(5),
        SecretError::OneByteRepeated,
        SecretError::PatternRepeated,
        SecretError::NotBase64,
    ];
    let sets = [KeySetError::Empty, KeySetError::DuplicateVersion(3), KeySetError::PrimaryMissing(4)];
    let mut errors: Vec<&dyn core::error::Error> = Vec::new();
    errors.extend(rings.iter().map(|it| it as &dyn core::error::Error));
    errors.extend(secrets.iter().map(|it| it as &dyn core::error::Error));
    errors.extend(sets.iter().map(|it| it as &dyn core::error::Error));
    let named = ["entry a/b", "c/d", "version 7", "5 bytes", "version 3", "version 4"];
    assert_messages_name(&errors, &named);
}
