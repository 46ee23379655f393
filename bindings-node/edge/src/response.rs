//! Challenges for rejected requests, and signed responses.

use sealwire_host::response::service_challenge;

use crate::memory::{call, cut, milliseconds, utf8};
use crate::objects;
use crate::shared::response::{Message, sign, verify};

/// Writes the value of the `WWW-Authenticate` header for a rejected request. The input is the name of the service.
#[unsafe(no_mangle)]
extern "C" fn sealwire_challenge() -> i32 {
    call(|input, output| {
        output.extend_from_slice(service_challenge(utf8(input)?).as_bytes());
        Ok(0)
    })
}

/// Signs a response, and writes the headers to add. The input contains the request head (see [`sign`]) and the
/// response body.
#[unsafe(no_mangle)]
extern "C" fn sealwire_sign_response(
    verifier: u32,
    head: usize,
    fields: u32,
    status: u32,
    body: usize,
    now_ms: f64,
) -> i32 {
    call(|input, output| {
        let [head, body] = cut(input, [head, body])?;
        let message = Message { head, fields, status: short(status), body };
        let signed = sign(&*objects::verifier(verifier)?, &message, milliseconds(now_ms))?;
        output.extend_from_slice(signed.as_bytes());
        Ok(0)
    })
}

/// Verifies a response, and writes the verdict. The input contains the request head (see [`verify`]), the
/// response headers and the response body.
#[unsafe(no_mangle)]
extern "C" fn sealwire_verify_response(
    signer: u32,
    head: usize,
    fields: u32,
    status: u32,
    lines: usize,
    line_fields: u32,
    body: usize,
) -> i32 {
    call(|input, output| {
        let [head, lines, body] = cut(input, [head, lines, body])?;
        let message = Message { head: lines, fields: line_fields, status: short(status), body };
        let verdict = verify(&*objects::signer(signer)?, (head, fields), &message)?;
        output.extend_from_slice(verdict.as_bytes());
        Ok(0)
    })
}

/// Converts an HTTP status. A number that does not fit in 16 bits becomes 0. This is not a valid status, so the
/// response is rejected.
fn short(status: u32) -> u16 {
    u16::try_from(status).unwrap_or(0)
}
