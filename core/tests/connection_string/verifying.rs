//! Tests that modified tokens are rejected, and that the checks are in the documented order.

use proptest::prelude::*;
use sealwire_core::Reason;
use sealwire_core::connection_string::{
    ConnectionString, Draft, Expiry, Permission, Uuid, body, code, message,
};
use sealwire_core::keys::KeySet;

use super::{
    AID, EDT, EXPIRES_S, SIG, draft, encoded, issued, keys, role, sealed, sig, verify, verify_token,
};

#[test]
fn a_changed_key_version_is_a_signature_mismatch() {
    let token = issued(&draft(&[]));
    assert_eq!(verify(token.replace("kvr=1", "kvr=2")), Err(Reason::SignatureMismatch));
    let newer = format!("{AID};{EDT};kvr=2");
    let newer = format!("{newer};sig={}", sig(&newer, "k-v2"));
    assert_eq!(verify(&newer), Ok(2));
    assert_eq!(verify(newer.replace("kvr=2", "kvr=1")), Err(Reason::SignatureMismatch));
}

#[test]
fn the_checks_have_the_documented_order() {
    let bad = "0".repeat(128);
    for (beans, reason) in [
        (format!("{AID};kvr=1;sig={SIG}"), Reason::MalformedToken),
        (format!("{EDT};kvr=1;sig={SIG}"), Reason::MalformedToken),
        (sealed(&format!("{AID};{EDT}")), Reason::MissingKeyVersion),
        (format!("{AID};{EDT};kvr=1"), Reason::MissingKeyVersion),
        (format!("{AID};{EDT};sig=no"), Reason::MissingKeyVersion),
        (format!("{AID};{EDT};kvr=9;sig=no"), Reason::SignatureMismatch),
        (format!("{AID};{EDT};kvr=9;sig="), Reason::SignatureMismatch),
        (format!("{AID};{EDT};sig={}0;kvr=9", &SIG), Reason::SignatureMismatch),
        (format!("{AID};{EDT};kvr=1;sig={}", SIG.to_uppercase()), Reason::SignatureMismatch),
        (sealed(&format!("{AID};{EDT};kvr=9")), Reason::UnknownKeyVersion),
        (format!("{AID};edt=2001-01-01T00:00:00+00:00;kvr=1;sig={bad}"), Reason::SignatureMismatch),
        (sealed(&format!("{AID};edt=2001-01-01T00:00:00+00:00;kvr=1")), Reason::TokenExpired),
    ] {
        assert_eq!(verify(&beans), Err(reason), "{beans}");
    }
}

#[test]
fn other_time_zones_and_other_orders_of_beans_are_accepted() {
    let beans = [
        "kvr=1",
        "edt=2030-01-02T05:04:05+02:00",
        "rls=reader:0",
        AID,
        "tid=AAAAAAAA-2222-4333-8444-555555555555",
    ];
    for rotation in 0..beans.len() {
        let mut rotated = beans;
        rotated.rotate_left(rotation);
        let sig = format!("sig={}", sig(&rotated.join(";"), "k-v1"));
        for place in 0..=beans.len() {
            let mut all = rotated.to_vec();
            all.insert(place, &sig);
            assert_eq!(verify(all.join(";")), Ok(1), "{all:?}");
        }
    }
}

#[test]
fn a_token_is_valid_until_the_end_of_its_expiry_second() {
    let keys = keys();
    let token = encoded(issued(&draft(&[])));
    let verify = |now_s, expiry| {
        ConnectionString::read(token.as_bytes(), |string| {
            string
                .unwrap()
                .verify(KeySet::new(&keys, 1).unwrap(), now_s, expiry)
                .map(|verified| verified.key_version())
        })
    };
    assert_eq!(verify(EXPIRES_S, Expiry::Checked), Ok(1));
    assert_eq!(keys[0].usage().accepted(), 1);
    for late in [EXPIRES_S + 1, u64::MAX] {
        assert_eq!(verify(late, Expiry::Checked), Err(Reason::TokenExpired));
    }
    assert_eq!(keys[0].usage().accepted(), 1, "rejected tokens are not counted");
    assert_eq!(verify(u64::MAX, Expiry::Ignored), Ok(1));
}

#[test]
fn every_prefix_and_every_flipped_bit_is_rejected() {
    let roles = [role("admin", Permission::Write)];
    let token = encoded(issued(&Draft { tenant: Some(Uuid::max()), ..draft(&roles) }));
    assert_eq!(verify_token(token.as_bytes()), Ok(1));
    for length in 0..token.len() {
        assert!(verify_token(&token.as_bytes()[..length]).is_err(), "the first {length} bytes");
    }
    for bit in 0..token.len() * 8 {
        let mut flipped = token.clone().into_bytes();
        flipped[bit / 8] ^= 1 << (bit % 8);
        assert!(verify_token(&flipped).is_err(), "bit {bit}");
    }
}

#[test]
fn responses_equal_those_of_the_gateway() {
    for (reason, number, text) in [
        (Reason::MalformedToken, None, "Invalid connection string"),
        (Reason::MissingKeyVersion, Some("MYC00030"), "Invalid connection string: MYC00030"),
        (Reason::UnknownKeyVersion, Some("MYC00031"), "Invalid connection string: MYC00031"),
        (Reason::SignatureMismatch, Some("MYC00032"), "Invalid connection string: MYC00032"),
        (Reason::TokenExpired, None, "Expired connection string"),
    ] {
        assert_eq!((code(reason), message(reason), reason.http_status()), (number, text, 401));
        assert_eq!(body(reason), format!(r#"{{"msg":"Unauthorized","status":401,"message":"{text}"}}"#));
    }
}

#[test]
fn debug_output_shows_the_beans_but_not_the_token() {
    let token = encoded(issued(&draft(&[])));
    let shown = ConnectionString::read(token.as_bytes(), |string| format!("{string:?}"));
    assert!(shown.contains("unverified_beans") && shown.contains("55555555"));
    assert!(!shown.contains(&token[..16]) && !shown.contains("135, 141") && !shown.contains(&SIG[..8]));
}

proptest! {
    #[test]
    fn arbitrary_bytes_are_rejected(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert_eq!(verify_token(&bytes), Err(Reason::MalformedToken));
        prop_assert_eq!(verify(&bytes), Err(Reason::MalformedToken));
    }

    #[test]
    fn beans_with_a_random_signature_are_rejected(
        beans in Just([AID, EDT, "kvr=1", "kvr=2", "rls=a:0", "tid=11111111-2222-4333-8444-555555555555"])
            .prop_shuffle(),
        count in 0_usize..=6, mac in "[0-9a-f]{128}", place in any::<prop::sample::Index>(),
    ) {
        let sig = format!("sig={mac}");
        let mut all = beans[..count].to_vec();
        all.insert(place.index(count + 1), &sig);
        prop_assert!(verify(all.join(";")).is_err());
    }
}
