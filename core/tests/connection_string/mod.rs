//! Tests of connection strings. The expected tokens are computed by a second, simpler implementation in this
//! file.

mod grammar;
mod issuing;
mod tokens;
mod verifying;

use base64ct::{Base64, Encoding};
use hmac::{Hmac, KeyInit, Mac};
use sealwire_core::Reason;
use sealwire_core::connection_string::{
    ConnectionString, Draft, Expiry, MAX_BEANS_BYTES, MAX_TOKEN_BYTES, Permission, Role, Timestamp, Uuid,
};
use sealwire_core::keys::{Key, KeySet, Strength};
use sealwire_core::mac::HmacSha512;

const AID: &str = "aid=11111111-2222-4333-8444-555555555555";
const EDT: &str = "edt=2030-01-02T03:04:05+00:00";
const EXPIRES_S: u64 = 1_893_553_445;
const SIG: &str = "878d7e97fda553dfb31e5526f31a8f12e4a0f56536ca10055249886a0a340a0c\
                   d22fbfe6bd967c16285f4c7b11496ab6cd89fd45be3069677aab983c837b38dc";

/// Returns two keys. Version 1 has the secret `k-v1`, and version 2 has the secret `k-v2`.
fn keys() -> [Key<HmacSha512>; 2] {
    [1, 2].map(|version| Key::new(version, format!("k-v{version}").as_bytes(), Strength::AllowWeak).unwrap())
}

fn encoded(bytes: impl AsRef<[u8]>) -> String {
    let bytes = bytes.as_ref();
    Base64::encode(bytes, &mut vec![0; bytes.len().div_ceil(3) * 4]).unwrap().to_owned()
}

fn sig(beans: &str, secret: &str) -> String {
    let mac = Hmac::<sha2::Sha512>::new_from_slice(secret.as_bytes()).unwrap();
    hex::encode(mac.chain_update(encoded(beans)).finalize().into_bytes())
}

fn sealed(beans: &str) -> String {
    format!("{beans};sig={}", sig(beans, "k-v1"))
}

fn verify_token(token: &[u8]) -> Result<u32, Reason> {
    let keys = keys();
    let set = KeySet::new(&keys, 1).unwrap();
    ConnectionString::read(token, |string| Ok(string?.verify(set, EXPIRES_S, Expiry::Checked)?.key_version()))
}

/// Encodes the beans as a token without adding a signature, and verifies the token.
fn verify(beans: impl AsRef<[u8]>) -> Result<u32, Reason> {
    verify_token(encoded(beans).as_bytes())
}

fn draft<'r>(roles: &'r [Role<'r>]) -> Draft<'r> {
    let account = Uuid::parse_str(&AID[4..]).unwrap();
    let expires = Timestamp::new(EXPIRES_S.try_into().unwrap(), 0).unwrap();
    Draft { account, expires, roles, tenant: None, subscription: None }
}

/// Issues a token with key version 1 and returns its beans.
fn issued(draft: &Draft<'_>) -> String {
    let (keys, mut out) = (keys(), [0; MAX_TOKEN_BYTES]);
    let length = draft.issue(KeySet::new(&keys, 1).unwrap(), &mut out).unwrap();
    let mut beans = [0; MAX_BEANS_BYTES];
    String::from_utf8(Base64::decode(&out[..length], &mut beans).unwrap().to_vec()).unwrap()
}

fn role(name: &str, permission: Permission) -> Role<'_> {
    Role { name, permission }
}
