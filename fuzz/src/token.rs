//! The fuzz target for connection strings. A token must not be accepted unless its beans were signed exactly
//! as received.

use std::sync::LazyLock;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sealwire_core::connection_string::{ConnectionString, Expiry};
use sealwire_core::keys::{Key, KeySet, Strength};
use sealwire_core::mac::HmacSha512;

use crate::oracle::{ISSUER_SECRET, hex, sha512_mac};

static KEYS: LazyLock<[Key<HmacSha512>; 1]> =
    LazyLock::new(|| [Key::new(1, ISSUER_SECRET, Strength::AllowWeak).unwrap()]);

/// Verifies the input as a token, and also as the beans of a token.
pub fn connection_string(data: &[u8]) {
    check(data);
    let encoded = STANDARD.encode(data);
    check(encoded.as_bytes());
    // These beans have a correct MAC, so verification continues after the MAC check.
    let beans =
        data.split(|byte| *byte == b';').filter(|bean| !bean.starts_with(b"sig=")).collect::<Vec<_>>();
    let beans = beans.join(b";".as_slice());
    let mac = hex(&sha512_mac(ISSUER_SECRET, STANDARD.encode(&beans).as_bytes()));
    let signed = [&*beans, b";sig=", mac.as_bytes()].concat();
    check(STANDARD.encode(signed).as_bytes());
}

fn check(token: &[u8]) {
    let set = KeySet::new(&*KEYS, 1).unwrap();
    ConnectionString::read(token, |read| {
        let Ok(string) = read else { return };
        let _ = format!("{:?} {:?}", string.unverified_beans(), string.unverified_key_version());
        let verified = string.verify(set, 1_800_000_000, Expiry::Ignored);
        if verified.is_ok() {
            assert!(is_signed(token), "accepted, but not signed");
        }
        if string.verify(set, u64::MAX, Expiry::Checked).is_ok() {
            panic!("an expired token is accepted");
        }
    });
}

fn is_signed(token: &[u8]) -> bool {
    let beans = STANDARD.decode(token).expect("an accepted token is base64");
    let parts: Vec<&[u8]> = beans.split(|byte| *byte == b';').collect();
    let signatures: Vec<_> = parts.iter().filter_map(|bean| bean.strip_prefix(b"sig=")).collect();
    assert_eq!(signatures.len(), 1, "the token has exactly one signature");
    let signed: Vec<&[u8]> = parts.iter().copied().filter(|bean| !bean.starts_with(b"sig=")).collect();
    let mac = sha512_mac(ISSUER_SECRET, STANDARD.encode(signed.join(b";".as_slice())).as_bytes());
    signatures[0] == hex(&mac).as_bytes()
}
