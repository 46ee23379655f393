//! Runs the test vectors for signed responses.

use sealwire_core::keys::KeyRing;
use sealwire_core::{Exchange, VerifiedResponse};
use sealwire_core::{Rejection, Request, Scheme};
use serde_json::Value;

use crate::Fallible;
use crate::case::{Wire, field, headers, number, text, views};
use crate::{ring, sign, verify};

pub(crate) fn signed(case: &Value) -> Fallible<String> {
    let keys = ring::valid(case)?;
    let asked = field(case, "sign_response")?;
    let request = Wire::new(field(asked, "request")?)?;
    let (status, body, now_ms) = (status(asked)?, text(asked, "body")?, number(asked, "now_ms")?);
    let mut lines = String::new();
    request.with(|view| -> Fallible<()> {
        let emit = |name: &'static str, value: &str| lines.push_str(&sign::line(name, value));
        Ok(exchange(asked, &keys, view)?.sign(status, body.as_bytes(), now_ms, emit)?)
    })?;
    Ok(sign::signed(&lines))
}

pub(crate) fn verified(case: &Value) -> Fallible<String> {
    let keys = ring::valid(case)?;
    let asked = field(case, "verify_response")?;
    let request = Wire::new(field(asked, "request")?)?;
    let response = field(asked, "response")?;
    let (status, own, body) = (status(response)?, headers(response)?, text(response, "body")?);
    let verified = request.with(|view| {
        Fallible::Ok(exchange(asked, &keys, view)?.verify(status, &views(&own), body.as_bytes()))
    })?;
    Ok(line(verified))
}

fn exchange<'e>(
    asked: &'e Value,
    keys: &'e KeyRing,
    request: &Request<'e>,
) -> Fallible<Exchange<'e, KeyRing>> {
    Ok(Exchange {
        caller: text(asked, "caller")?,
        service: text(asked, "service")?,
        keys,
        scheme: Scheme::from_name(text(asked, "scheme")?).ok_or("no such scheme")?,
        request: *request,
    })
}

fn status(asked: &Value) -> Fallible<u16> {
    Ok(u16::try_from(number(asked, "status")?)?)
}

fn line(verified: Result<VerifiedResponse, Rejection>) -> String {
    match verified {
        Ok(verified) => format!("verified version={} time={}", verified.key_version, verified.server_time_s),
        Err(rejected) => verify::rejection(&rejected),
    }
}
