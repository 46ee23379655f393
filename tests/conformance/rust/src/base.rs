//! Runs the test vectors for signature bases (RFC 9421).

use sealwire_core::http_signature::base::{Message, Response, write_base};
use sealwire_core::http_signature::covered::CoveredComponents;
use sealwire_core::mac::{HmacSha256, HmacSha256Stream, Keyed};
use sealwire_core::sink::Sink;
use sealwire_core::structured_fields::{Dictionary, Member};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Fallible;
use crate::case::{Wire, field, headers, number, text, views};

pub(crate) fn result(case: &Value) -> Fallible<String> {
    let Ok(base) = base(case)? else { return Ok(String::from("refused")) };
    let mut result = format!("base {}", hex::encode(Sha256::digest(&base)));
    if let Some(secret) = case.get("secret_base64").and_then(Value::as_str) {
        let mut buffer = [0; 64];
        let key = HmacSha256::keyed(sealwire_core::keys::decode_base64(secret, &mut buffer)?);
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([&key]);
        stream.update(&base);
        result = format!("{result} mac {}", hex::encode(stream.mac().as_bytes()));
    }
    Ok(result)
}

/// Returns the signature base of a test case. The inner result is an error if the signature base cannot be
/// created.
fn base(case: &Value) -> Fallible<Result<Vec<u8>, ()>> {
    let input = text(case, "signature_input")?.as_bytes();
    let fields = Dictionary::parse(core::iter::once(input))?;
    let Some(Member::InnerList(list)) = fields.get(text(case, "label")?) else {
        return Err("no such label".into());
    };
    let Ok(covered) = CoveredComponents::parse(list) else { return Ok(Err(())) };
    let message = field(case, "message")?;
    if message.get("status").is_none() {
        return Ok(Wire::new(message)?.with(|request| written(&covered, &Message::Request(request))));
    }
    let own = headers(message)?;
    let own = views(&own);
    let status = u16::try_from(number(message, "status")?)?;
    let Some(asked) = message.get("request") else {
        return Ok(written(&covered, &Message::Response(&Response { status, headers: &own, request: None })));
    };
    let asked = Wire::new(asked)?;
    Ok(asked.with(|request| {
        written(&covered, &Message::Response(&Response { status, headers: &own, request: Some(request) }))
    }))
}

fn written(covered: &CoveredComponents<'_>, message: &Message<'_>) -> Result<Vec<u8>, ()> {
    let mut base = Collected(Vec::new());
    write_base(&mut base, covered, message).map(|()| base.0).map_err(|_| ())
}

struct Collected(Vec<u8>);

impl Sink for Collected {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}
