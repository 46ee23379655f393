//! Compares connection strings with JSON Web Tokens that contain the same claims.

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use sealwire_core::connection_string::{ConnectionString, Draft, Expiry, MAX_TOKEN_BYTES, Timestamp, Uuid};
use sealwire_core::keys::KeySource;
use serde::{Deserialize, Serialize};
use std::hint::black_box;

use crate::harness::{Row, Settings, Subject};
use crate::samples::{SECRET, START_MS, ring};

const ACCOUNT: &str = "11111111-2222-4333-8444-555555555555";
// A time in 2100, because jsonwebtoken compares it with the system clock.
const EXPIRES_S: u64 = 4_102_444_800;

pub fn verify(_: &Settings) -> Row {
    Row::new(vec![sealwire(), jwt()])
}

fn sealwire() -> Subject {
    let ring = ring();
    let token = issue();
    Subject::calls("sealwire", 2000, move || {
        let set = ring.issuer().unwrap();
        let account = ConnectionString::read(black_box(&token), |string| {
            Ok::<_, sealwire_core::Reason>(
                string?.verify(set, START_MS / 1000, Expiry::Checked)?.beans().account,
            )
        });
        black_box(account).unwrap();
    })
}

fn issue() -> Vec<u8> {
    let ring = ring();
    let draft = Draft {
        account: Uuid::parse_str(ACCOUNT).unwrap(),
        expires: Timestamp::new(EXPIRES_S as i64, 0).unwrap(),
        roles: &[],
        tenant: None,
        subscription: None,
    };
    let mut out = vec![0; MAX_TOKEN_BYTES];
    let length = draft.issue(ring.issuer().unwrap(), &mut out).unwrap();
    out.truncate(length);
    out
}

#[derive(Serialize, Deserialize)]
struct Claims {
    aid: String,
    exp: u64,
    kvr: u32,
}

fn jwt() -> Subject {
    let claims = Claims { aid: ACCOUNT.into(), exp: EXPIRES_S, kvr: 1 };
    let token = encode(&Header::new(Algorithm::HS256), &claims, &EncodingKey::from_secret(SECRET)).unwrap();
    let (key, validation) = (DecodingKey::from_secret(SECRET), Validation::new(Algorithm::HS256));
    Subject::calls("jsonwebtoken HS256", 2000, move || {
        black_box(decode::<Claims>(black_box(&token), &key, &validation)).unwrap();
    })
}
