//! Signers.

use std::sync::Arc;

use memchr::memchr;
use napi::Env;
use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_core::{Header, Request, SignError, Signing, client, message, pairwise};
use sealwire_host::{FreshNonce, Signer, Url, fresh_nonce, names_same_host, now_ms, schemes};

use crate::call::{Answer, Arguments, Call, call};
use crate::error::{Code, Error, Result, explained};
use crate::head::{self, Parts};
use crate::ring::Ring;
use crate::scratch::{PARTS, Scratch, ScratchBuffers};
use crate::url;
use crate::verify::clock_or;

/// The settings of a signer.
#[napi(object, object_to_js = false)]
pub struct SignerOptions {
    /// The sender: a service name or a client id.
    pub name: String,
    /// Scheme names.
    pub schemes: Option<Vec<String>>,
    /// Whether `message` signatures leave `@authority` out.
    pub ignore_authority: Option<bool>,
    /// Header fields `message` signatures cover when they are sent.
    pub cover_fields: Option<Vec<String>>,
}

/// Builds a signer.
#[napi(catch_unwind)]
pub fn new_signer(options: SignerOptions, ring: &External<Ring>) -> Result<External<Arc<Signer>>> {
    let schemes =
        schemes("schemes", &options.schemes.unwrap_or_default()).map_err(|cause| explained(&cause))?;
    let lower = |name: String| name.to_ascii_lowercase();
    let parts = Signer {
        name: options.name,
        ring: Ring::clone(ring),
        schemes,
        cover_authority: !options.ignore_authority.unwrap_or_default(),
        cover_fields: options.cover_fields.unwrap_or_default().into_iter().map(lower).collect(),
    };
    let signer = parts.checked("coverFields").map_err(|cause| explained(&cause))?;
    Ok(External::new(Arc::new(signer)))
}

/// A function that signs requests: of URL or target, the lead where it changed, body, header lines and their count of parts,
/// and the time it makes the headers to send, as [`Lines`] writes them, or an empty string where JavaScript must parse the URL
/// first. All but the first may be left out. An empty user id is none, an empty nonce a fresh one.
#[napi(catch_unwind)]
pub fn signing<'env>(env: &'env Env, signer: &External<Arc<Signer>>) -> Result<Call<'env, Answer>> {
    let signer = Arc::clone(signer);
    let scratch = Scratch::default();
    call(env, "sign", move |arguments| sign(&signer, &mut *scratch.room()?, arguments))
}

fn sign(signer: &Signer, room: &mut ScratchBuffers, arguments: &Arguments<'_>) -> Result<Answer> {
    if !take_in(room, arguments)? {
        return arguments.answer("");
    }
    let lines = arguments.optional(3)?.map(head::whole).transpose()?.unwrap_or_default();
    let headers = Parts::lines(&lines, arguments.optional(4)?.unwrap_or_default()).ok_or_else(broken)?;
    let lead = room.lead.parts().ok_or_else(broken)?;
    let [method, authority, scheme, ..] = lead;
    let Some(url) = url::split(&room.crossed, authority, scheme) else { return arguments.answer("") };
    let url = with_host(url, sealwire_host::authority(&headers))?;
    let fresh = fresh_unless_given(lead)?;
    let signing = signing_of(lead, fresh.as_ref(), arguments)?;
    let mut lines = Lines(&mut room.answer);
    signer
        .sign(&request(method, &url, &headers), &signing, |name, value| lines.push(name, value))
        .map_err(|cause| Code::Sign.error(cause))?;
    arguments.answer(&room.answer)
}

/// The URL with the authority of the `Host` header, where it has none itself.
fn with_host<'a>(url: Url<'a>, host: &'a [u8]) -> Result<Url<'a>> {
    if host.is_empty() {
        return Ok(url);
    }
    if url.authority.is_empty() {
        return Ok(Url { authority: host, ..url });
    }
    if names_same_host(url.scheme, url.authority, host) {
        return Ok(url);
    }
    let [host, named] = [host, url.authority].map(String::from_utf8_lossy);
    Err(Code::Sign.error(format_args!(
        "the Host header names {host}, but the URL names {named}; sign the URL that the request is sent to"
    )))
}

/// Reads the lead where it changed, and the URL; false where that holds characters beyond latin-1.
fn take_in(room: &mut ScratchBuffers, arguments: &Arguments<'_>) -> Result<bool> {
    if let Some(changed) = arguments.optional(1)? {
        room.lead.change(changed)?;
    }
    if !head::narrow_into(arguments.get(0)?, &mut room.crossed)? {
        return Ok(false);
    }
    if memchr(b'\n', &room.crossed).is_some() { Err(broken()) } else { Ok(true) }
}

/// A nonce, where the lead has none.
fn fresh_unless_given([.., given]: [&[u8]; PARTS]) -> Result<Option<FreshNonce>> {
    given.is_empty().then(fresh_nonce).transpose().map_err(|cause| Code::Sign.error(cause))
}

fn signing_of<'a>(
    [_, _, _, receiver, user_id, nonce]: [&'a [u8]; PARTS],
    fresh: Option<&'a FreshNonce>,
    arguments: &Arguments<'a>,
) -> Result<Signing<'a>> {
    Ok(Signing {
        receiver: text(receiver)?,
        body: arguments.optional(2)?.unwrap_or_default(),
        user_id: Some(text(user_id)?).filter(|user| !user.is_empty()),
        nonce: fresh.map_or_else(|| text(nonce), |fresh| Ok(fresh.as_str()))?,
        now_ms: clock_or(arguments.optional(5)?, now_ms)?,
    })
}

/// Every header that signing sends.
pub(crate) const SENT: [&str; 11] = [
    client::CLIENT_ID,
    client::TIMESTAMP,
    client::REQUEST_ID,
    client::SIGNATURE,
    pairwise::SERVICE_NAME,
    pairwise::TIMESTAMP,
    pairwise::SIGNATURE,
    pairwise::USER_ID,
    message::SIGNATURE_INPUT,
    message::SIGNATURE,
    message::CONTENT_DIGEST,
];

/// Header lines for JavaScript: for each a letter, `a` for the first of [`SENT`], then the value and a line break. A name that
/// came as text would have to be looked up among JavaScript's own.
pub(crate) struct Lines<'a>(pub(crate) &'a mut String);

impl Lines<'_> {
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        if let Some(letter) =
            SENT.iter().zip('a'..).find_map(|(sent, letter)| (*sent == name).then_some(letter))
        {
            self.0.push(letter);
            self.0.push_str(value);
            self.0.push('\n');
        }
    }
}

/// A function that signs in `client` alone, at this moment: of URL or target, and the method where that is another than the
/// last, it makes the values of `catalog().clientSigned` but the first, without breaks, or an empty string where JavaScript must
/// parse the URL first.
#[napi(catch_unwind)]
pub fn client_signing<'env>(env: &'env Env, signer: &External<Arc<Signer>>) -> Result<Call<'env, Answer>> {
    let signer = Arc::clone(signer);
    let scratch = Scratch::default();
    call(env, "signClient", move |arguments| sign_client(&signer, &mut *scratch.room()?, arguments))
}

fn sign_client(signer: &Signer, room: &mut ScratchBuffers, arguments: &Arguments<'_>) -> Result<Answer> {
    if let Some(changed) = arguments.optional(1)? {
        head::whole_into(changed, &mut room.method)?;
    }
    if !head::narrow_into(arguments.get(0)?, &mut room.crossed)? {
        return arguments.answer("");
    }
    let Some(url) = url::split(&room.crossed, b"", b"") else { return arguments.answer("") };
    let fresh = fresh_nonce().map_err(|cause| Code::Sign.error(cause))?;
    let signing = Signing { nonce: fresh.as_str(), now_ms: now_ms(), ..Signing::default() };
    let emit = |name: &'static str, value: &str| {
        if name != client::CLIENT_ID {
            room.answer.push_str(value);
        }
    };
    signer
        .sign(&request(&room.method, &url, &[]), &signing, emit)
        .map_err(|cause| unsigned(&[&room.method, &room.crossed], cause))?;
    arguments.answer(&room.answer)
}

fn request<'a>(method: &'a [u8], url: &Url<'a>, headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method, target: url.target, authority: url.authority, scheme: url.scheme, headers }
}

/// The reason why parts were not signed. A line break is reported before an error of its part.
fn unsigned(parts: &[&[u8]], cause: SignError) -> Error {
    if parts.iter().any(|part| part.contains(&b'\n')) { broken() } else { Code::Sign.error(cause) }
}

pub(crate) fn text(part: &[u8]) -> Result<&str> {
    core::str::from_utf8(part).map_err(|_| Code::Sign.error("names, user ids and request ids are ASCII"))
}

pub(crate) fn broken() -> Error {
    Code::Sign.error("a method, URL or header holds a line break, which HTTP does not allow; remove it")
}

/// Discards the random bytes that all threads have drawn ahead for nonces: for a process whose memory was copied without a fork.
#[napi(catch_unwind)]
pub fn discard_nonces() {
    sealwire_host::discard_nonces();
}
