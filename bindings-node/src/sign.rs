//! Signing of requests.

use std::sync::Arc;

use memchr::memchr;
use napi::Env;
use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_core::{Signing, client};
use sealwire_host::{FreshNonce, Signer, fresh_nonce, now_ms, schemes};

use crate::call::{Arguments, Call, Returned, call};
use crate::error::{Code, Result, explained};
use crate::head;
use crate::ring::Ring;
use crate::scratch::{PARTS, Scratch, ScratchBuffers};
use crate::shared::lines::{Lines, broken, request, text, unsigned, with_host};
use crate::shared::parts::Parts;
use crate::shared::plain_url::split;
use crate::verify::clock_or;

/// Returns an error if the keys cannot sign for a receiver. Client integrations call this function during
/// construction.
#[napi(catch_unwind)]
pub fn check_receiver(signer: &External<Arc<Signer>>, receiver: String) -> Result<()> {
    signer.check_receiver(&receiver).map_err(|cause| explained(&cause))
}

/// The settings of a signer.
#[napi(object, object_to_js = false)]
pub struct SignerOptions {
    /// The name of the sender: a service name or a client id.
    pub name: String,
    /// The names of the schemes used to sign requests.
    pub schemes: Option<Vec<String>>,
    /// Whether to omit `@authority` from `message` signatures.
    pub ignore_authority: Option<bool>,
    /// The names of additional header fields that `message` signatures cover if they are present in the
    /// request.
    pub cover_fields: Option<Vec<String>>,
}

/// Creates a signer.
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

/// Returns a function that signs requests. Its arguments are the URL or target, the repeated parts if they have
/// changed (see [`crate::scratch`]), the body, the header lines, the number of parts in the header lines, and
/// the time. All arguments except the first are optional. An empty user id means that the request has no user
/// id. If the nonce is empty, a new nonce is created. The function returns the headers to send in the format of
/// [`Lines`], or an empty string if the URL must first be parsed in JavaScript.
#[napi(catch_unwind)]
pub fn signing<'env>(env: &'env Env, signer: &External<Arc<Signer>>) -> Result<Call<'env, Returned>> {
    let signer = Arc::clone(signer);
    let scratch = Scratch::default();
    call(env, "sign", move |arguments| sign(&signer, &mut *scratch.buffers()?, arguments))
}

fn sign(signer: &Signer, buffers: &mut ScratchBuffers, arguments: &Arguments<'_>) -> Result<Returned> {
    if !take_in(buffers, arguments)? {
        return arguments.returned("");
    }
    let lines = arguments.optional(3)?.map(head::whole).transpose()?.unwrap_or_default();
    let headers = Parts::lines(&lines, arguments.optional(4)?.unwrap_or_default()).ok_or_else(broken)?;
    let repeated = buffers.repeated.parts().ok_or_else(broken)?;
    let [method, authority, scheme, ..] = repeated;
    let Some(url) = split(&buffers.input, authority, scheme) else { return arguments.returned("") };
    let url = with_host(url, sealwire_host::authority(&headers))?;
    let fresh = fresh_unless_given(repeated)?;
    let signing = signing_of(repeated, fresh.as_ref(), arguments)?;
    let mut lines = Lines(&mut buffers.output);
    signer
        .sign(&request(method, &url, &headers), &signing, |name, value| lines.push(name, value))
        .map_err(|cause| Code::Sign.error(cause))?;
    arguments.returned(&buffers.output)
}

/// Reads the URL, and the repeated parts if they have changed. Returns `false` if the URL contains characters
/// outside Latin-1.
fn take_in(buffers: &mut ScratchBuffers, arguments: &Arguments<'_>) -> Result<bool> {
    if let Some(changed) = arguments.optional(1)? {
        buffers.repeated.change(changed)?;
    }
    if !head::narrow_into(arguments.get(0)?, &mut buffers.input)? {
        return Ok(false);
    }
    if memchr(b'\n', &buffers.input).is_some() { Err(broken()) } else { Ok(true) }
}

/// Returns a new nonce, unless the repeated parts contain a nonce.
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

/// Returns a function that signs requests with only the `client` scheme, at the current time. Its arguments are
/// the URL or target, and the method if it differs from the last request's method. The function returns the
/// values of all headers in `catalog().clientSigned` except the first, without separators. It returns an empty
/// string if the URL must first be parsed in JavaScript.
#[napi(catch_unwind)]
pub fn client_signing<'env>(env: &'env Env, signer: &External<Arc<Signer>>) -> Result<Call<'env, Returned>> {
    let signer = Arc::clone(signer);
    let scratch = Scratch::default();
    call(env, "signClient", move |arguments| sign_client(&signer, &mut *scratch.buffers()?, arguments))
}

fn sign_client(signer: &Signer, buffers: &mut ScratchBuffers, arguments: &Arguments<'_>) -> Result<Returned> {
    if let Some(changed) = arguments.optional(1)? {
        head::whole_into(changed, &mut buffers.method)?;
    }
    if !head::narrow_into(arguments.get(0)?, &mut buffers.input)? {
        return arguments.returned("");
    }
    let Some(url) = split(&buffers.input, b"", b"") else { return arguments.returned("") };
    let fresh = fresh_nonce().map_err(|cause| Code::Sign.error(cause))?;
    let signing = Signing { nonce: fresh.as_str(), now_ms: now_ms(), ..Signing::default() };
    let emit = |name: &'static str, value: &str| {
        if name != client::CLIENT_ID {
            buffers.output.push_str(value);
        }
    };
    signer
        .sign(&request(&buffers.method, &url, &[]), &signing, emit)
        .map_err(|cause| unsigned(&[&buffers.method, &buffers.input], cause))?;
    arguments.returned(&buffers.output)
}

/// Discards the random bytes that all threads have buffered for nonces. If a process's memory is copied without
/// a fork, the application must call this function in each copy.
#[napi(catch_unwind)]
pub fn discard_nonces() {
    sealwire_host::discard_nonces();
}
