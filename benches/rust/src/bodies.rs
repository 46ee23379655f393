//! Measures large bodies and compares them with OpenSSL. Hashing takes nearly all of the time, so equal times
//! are the best possible result.

use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use sealwire_core::http_signature::content_digest::ContentDigest;
use sealwire_core::mac::{HmacSha256, HmacSha256Stream, Keyed};
use std::hint::black_box;

use crate::harness::{Row, Settings, Subject};
use crate::samples::SECRET;

pub fn mac_64k(_: &Settings) -> Row {
    mac(64 << 10, 16)
}

pub fn mac_1m(_: &Settings) -> Row {
    mac(1 << 20, 2)
}

pub fn digest_64k(_: &Settings) -> Row {
    let body = body(64 << 10);
    let same = body.clone();
    Row::new(vec![
        Subject::calls("sealwire", 16, move || {
            black_box(ContentDigest::of(black_box(&body)));
        }),
        Subject::calls("OpenSSL", 16, move || {
            black_box(openssl::sha::sha256(black_box(&same)));
        }),
    ])
}

fn mac(bytes: usize, calls: u32) -> Row {
    let (body, key) = (body(bytes), HmacSha256::keyed(SECRET));
    let same = body.clone();
    let openssl_key = PKey::hmac(SECRET).unwrap();
    Row::new(vec![
        Subject::calls("sealwire", calls, move || {
            let mut stream = HmacSha256Stream::<1>::idle();
            stream.begin([&key]);
            stream.update(black_box(&body));
            black_box(stream.mac());
        }),
        Subject::calls("OpenSSL", calls, move || {
            let mut signer = Signer::new(MessageDigest::sha256(), &openssl_key).unwrap();
            black_box(signer.sign_oneshot_to_vec(black_box(&same))).unwrap();
        }),
    ])
}

fn body(bytes: usize) -> Vec<u8> {
    (0..bytes).map(|at| (at * 31 % 251) as u8).collect()
}
