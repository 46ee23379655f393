//! Runs the test vectors for MACs (RFC 4231).

use sealwire_core::mac::{HmacSha256, HmacSha256Stream, HmacSha512, HmacSha512Stream, Keyed};
use serde_json::Value;

use crate::Fallible;
use crate::case::{bytes, text};

pub(crate) fn result(case: &Value) -> Fallible<String> {
    let (key, data) = (bytes(case, "key_hex")?, bytes(case, "data_hex")?);
    let mac = match text(case, "algorithm")? {
        "hmac-sha256" => {
            let mut stream = HmacSha256Stream::<1>::idle();
            stream.begin([&HmacSha256::keyed(&key)]);
            stream.update(&data);
            hex::encode(stream.mac().as_bytes())
        }
        _ => {
            let mut stream = HmacSha512Stream::idle();
            stream.begin([&HmacSha512::keyed(&key)]);
            stream.update(&data);
            hex::encode(stream.mac())
        }
    };
    Ok(format!("mac {mac}"))
}
