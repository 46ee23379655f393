//! What a ring tells an operator, and what it keeps when it is replaced.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, KeySource, KeyStatus, Strength, Version};

const SECRET: &[u8] = b"an example secret of 32 bytes ok";
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
fn every_version_says_how_it_was_used() {
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
fn counts_outlive_a_replacement_where_the_version_does() {
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
fn nothing_that_is_shown_holds_a_secret() {
    let ring = ring(&[1], 1);
    let shown = format!("{ring:?} {:?} {:?}", Version { number: 1, secret: SECRET }, ring.find(PAIR));
    assert!(!shown.contains("example") && !shown.contains("97, 110"), "{shown}");
    assert!(shown.contains("Version(1, ..)"));
}
