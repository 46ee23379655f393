//! Signers.

use std::sync::Arc;

use memchr::memchr;
use sealwire_core::{Signing, client};
use sealwire_host::{FreshNonce, Signer, schemes};

use crate::error::{Code, Result, explained};
use crate::memory::{call, cut, milliseconds, random, utf8};
use crate::objects::{self, Object};
use crate::shared::lines::{Lines, broken, request, text, unsigned, with_host};
use crate::shared::parts::Parts;
use crate::shared::plain_url::split;
use crate::values::Properties;

/// Creates a signer from the `name`, `schemes`, `ignoreAuthority` and `coverFields` settings.
#[unsafe(no_mangle)]
extern "C" fn sealwire_signer(ring: u32) -> i32 {
    call(|input, _| {
        let mut options = Properties::parse(input)?;
        let names = options.texts("schemes")?;
        let lower = |name: String| name.to_ascii_lowercase();
        let signer = Signer {
            name: options.text("name")?.unwrap_or_default(),
            ring: objects::ring(ring)?,
            schemes: schemes("schemes", &names).map_err(|cause| explained(&cause))?,
            cover_authority: !options.flag("ignoreAuthority")?,
            cover_fields: options.texts("coverFields")?.into_iter().map(lower).collect(),
        };
        let signer = signer.checked("coverFields").map_err(|cause| explained(&cause))?;
        objects::put(Object::Signer(Arc::new(signer)))
    })
}

/// Returns an error if the keys cannot sign for a receiver. Client integrations call this function during
/// construction. The input is the name of the receiver.
#[unsafe(no_mangle)]
extern "C" fn sealwire_check_receiver(signer: u32) -> i32 {
    call(|input, _| {
        let receiver = utf8(input)?;
        objects::signer(signer)?.check_receiver(receiver).map_err(|cause| explained(&cause))?;
        Ok(0)
    })
}

/// Signs a request, writes the headers to send in the format of [`Lines`], and returns 1. Returns 0 if the URL
/// must first be parsed in JavaScript.
///
/// The input contains 16 random bytes, the URL or target, the `lead` (method, authority, scheme, receiver, user id and nonce,
/// joined with line breaks), the header lines and the body. `fields` is the number of parts in the header
/// lines, where each line has two parts, a name and a value.
#[unsafe(no_mangle)]
extern "C" fn sealwire_sign(
    signer: u32,
    url: usize,
    lead: usize,
    lines: usize,
    fields: u32,
    body: usize,
    now_ms: f64,
) -> i32 {
    call(|input, output| {
        let signer = objects::signer(signer)?;
        let (random, input) = random(input)?;
        let [url, lead, lines, body] = cut(input, [url, lead, lines, body])?;
        if memchr(b'\n', url).is_some() {
            return Err(broken());
        }
        let headers = Parts::lines(lines, fields).ok_or_else(broken)?;
        let mut parts = Parts::of(lead);
        let lead = parts.take().filter(|_| parts.is_at_end()).ok_or_else(broken)?;
        let [method, authority, scheme, receiver, user_id, nonce] = lead;
        let Some(url) = split(url, authority, scheme) else { return Ok(0) };
        let url = with_host(url, sealwire_host::authority(&headers))?;
        let fresh = FreshNonce::from_random(random);
        let signing = Signing {
            receiver: text(receiver)?,
            body,
            user_id: Some(text(user_id)?).filter(|user| !user.is_empty()),
            nonce: if nonce.is_empty() { fresh.as_str() } else { text(nonce)? },
            now_ms: milliseconds(now_ms),
        };
        let mut signed = String::new();
        let mut lines = Lines(&mut signed);
        signer
            .sign(&request(method, &url, &headers), &signing, |name, value| lines.push(name, value))
            .map_err(|cause| Code::Sign.error(cause))?;
        output.extend_from_slice(signed.as_bytes());
        Ok(1)
    })
}

/// Signs a request with only the `client` scheme, and returns 1. Writes the values of all headers in
/// `clientSigned` (see `sealwire_catalog`) except the first, without separators. Returns 0 if the URL must
/// first be parsed in JavaScript. The input contains 16 random bytes, the method, and the URL or target.
#[unsafe(no_mangle)]
extern "C" fn sealwire_sign_client(signer: u32, method: usize, url: usize, now_ms: f64) -> i32 {
    call(|input, output| {
        let signer = objects::signer(signer)?;
        let (random, input) = random(input)?;
        let [method, target] = cut(input, [method, url])?;
        let Some(url) = split(target, b"", b"") else { return Ok(0) };
        let fresh = FreshNonce::from_random(random);
        let signing = Signing { nonce: fresh.as_str(), now_ms: milliseconds(now_ms), ..Signing::default() };
        let emit = |name: &'static str, value: &str| {
            if name != client::CLIENT_ID {
                output.extend_from_slice(value.as_bytes());
            }
        };
        let signed: Result<()> = signer
            .sign(&request(method, &url, &[]), &signing, emit)
            .map_err(|cause| unsigned(&[method, target], cause));
        signed.map(|()| 1)
    })
}
