//! Tests of MAC comparison, and of debug output, which must not contain secrets.

use sealwire_core::http_signature::content_digest::BodyHasher;
use sealwire_core::keys::{Key, Strength, Version};
use sealwire_core::mac::{HmacSha256, HmacSha256Stream, HmacSha512, HmacSha512Stream, Mac};

use crate::common::SECRET;

/// Two equal differences would cancel out if the comparison combined them with exclusive or.
#[test]
fn macs_with_two_equal_differences_are_not_equal() {
    let key = Key::<HmacSha256>::new(1, SECRET, Strength::Required).unwrap();
    let stream = || {
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([key.mac()]);
        stream
    };
    let right = *stream().mac().as_bytes();
    let is_found = |mac| stream().find(&Mac::from_bytes(mac)).is_some();
    assert!(is_found(right));
    for (one, other) in (0..32).flat_map(|one| (0..one).map(move |other| (one, other))) {
        let mut mac = right;
        mac[one] ^= 0x10;
        mac[other] ^= 0x10;
        assert!(!is_found(mac), "{one} and {other}");
    }
}

#[test]
fn debug_output_never_contains_a_secret() {
    let secret = b"an example secret of 32 bytes ok";
    let (short, long) = (
        Key::<HmacSha256>::new(1, secret, Strength::Required).unwrap(),
        Key::<HmacSha512>::new(1, secret, Strength::Required).unwrap(),
    );
    let mut stream = HmacSha512Stream::idle();
    stream.begin([long.mac()]);
    let mut hasher = BodyHasher::default();
    hasher.update(secret);
    let shown = [
        (format!("{:?}", short.mac()), "HmacKey(..)"),
        (format!("{:?}", long.mac()), "HmacKey(..)"),
        (format!("{stream:?}"), "HmacStream(..)"),
        (format!("{:?}", Mac::from_bytes([7; 32])), "Mac(..)"),
        (format!("{hasher:?}"), "BodyHasher"),
        (format!("{:?}", Version { number: 4, secret }), "Version(4, ..)"),
    ];
    for (shown, expected) in shown {
        assert_eq!(shown, expected);
    }
}
