//! Signers.

use std::sync::Arc;

use napi::Env;
use napi::bindgen_prelude::{External, Latin1String};
use napi_derive::napi;
use sealwire_core::{Header, Request, SignError, Signing, client, message, pairwise};
use sealwire_host::{Signer, Url, fresh_nonce, now_ms, schemes};

use crate::call::{Arguments, Call, call};
use crate::error::{Code, Error, Result};
use crate::head::{self, Parts};
use crate::ring::Ring;
use crate::url;
use crate::verify::{clock, explained};

/// What a signer's configuration may say.
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

/// Room for the headers of the usual request, so that the string is allocated once.
const USUAL_BYTES: usize = 384;

/// Builds a signer.
#[napi(catch_unwind)]
pub fn new_signer(options: SignerOptions, ring: &External<Ring>) -> Result<External<Arc<Signer>>> {
    let schemes =
        schemes("schemes", &options.schemes.unwrap_or_default()).map_err(|cause| explained(&cause))?;
    let lower = |name: String| name.to_ascii_lowercase();
    Ok(External::new(Arc::new(Signer {
        name: options.name,
        ring: Ring::clone(ring),
        schemes,
        cover_authority: !options.ignore_authority.unwrap_or_default(),
        cover_fields: options.cover_fields.unwrap_or_default().into_iter().map(lower).collect(),
    })))
}

/// A function that signs requests: of head, count of header parts, body and time it makes the headers to send, as [`Lines`]
/// writes them, or nothing where JavaScript must parse the URL first. The head is method, URL or target, authority, scheme,
/// receiver, user id and nonce, then header lines; an empty user id is none, an empty nonce a fresh one.
#[napi(catch_unwind)]
pub fn signing<'env>(env: &'env Env, signer: &External<Arc<Signer>>) -> Result<Call<'env, Latin1String>> {
    let signer = Arc::clone(signer);
    call(env, "sign", move |arguments| sign(&signer, arguments))
}

fn sign(signer: &Signer, arguments: &Arguments<'_>) -> Result<Latin1String> {
    let Some(head) = arguments.narrow(0)? else { return Ok(unsplit()) };
    let mut parts = Parts::of(head.as_slice());
    let taken = parts.take().zip(parts.headers(arguments.get(1)?));
    let ([method, target, authority, scheme, receiver, user_id, nonce], headers) =
        taken.ok_or_else(broken)?;
    let Some(url) = url::split(target, authority, scheme) else { return Ok(unsplit()) };
    let request = request(method, &url, &headers);
    let fresh = fresh_nonce().map_err(|cause| Code::Sign.error(cause))?;
    let signing = Signing {
        receiver: text(receiver)?,
        body: arguments.optional(2)?.unwrap_or_default(),
        user_id: Some(text(user_id)?).filter(|user| !user.is_empty()),
        nonce: Some(text(nonce)?).filter(|nonce| !nonce.is_empty()).unwrap_or(fresh.as_str()),
        now_ms: clock(arguments.optional(3)?)?,
    };
    let mut lines = Lines::default();
    signer
        .sign(&request, &signing, |name, value| lines.push(name, value))
        .map_err(|cause| Code::Sign.error(cause))?;
    Ok(lines.joined().into())
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
pub(crate) struct Lines(String);

impl Default for Lines {
    fn default() -> Self {
        Self(String::with_capacity(USUAL_BYTES))
    }
}

impl Lines {
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        if let Some(letter) =
            SENT.iter().zip('a'..).find_map(|(sent, letter)| (*sent == name).then_some(letter))
        {
            self.0.push(letter);
            self.0.push_str(value);
            self.0.push('\n');
        }
    }

    pub(crate) fn joined(self) -> String {
        self.0
    }
}

/// A function that signs in `client` alone, at this moment: of method and URL or target, without a break between them, and
/// the method's length it makes the values of `catalog().clientSigned` but the first, without breaks, or nothing where
/// JavaScript must parse the URL first.
#[napi(catch_unwind)]
pub fn client_signing<'env>(
    env: &'env Env,
    signer: &External<Arc<Signer>>,
) -> Result<Call<'env, Latin1String>> {
    let signer = Arc::clone(signer);
    call(env, "signClient", move |arguments| sign_client(&signer, arguments))
}

fn sign_client(signer: &Signer, arguments: &Arguments<'_>) -> Result<Latin1String> {
    let Some(head) = arguments.narrow(0)? else { return Ok(unsplit()) };
    let ([method], target) =
        head::cut(head.as_slice(), arguments.get(1)?).unwrap_or(([head.as_slice()], b""));
    let Some(url) = url::split(target, b"", b"") else { return Ok(unsplit()) };
    let request = request(method, &url, &[]);
    let fresh = fresh_nonce().map_err(|cause| Code::Sign.error(cause))?;
    let signing = Signing { nonce: fresh.as_str(), now_ms: now_ms(), ..Signing::default() };
    let mut values = String::with_capacity(USUAL_BYTES);
    let emit = |name: &'static str, value: &str| {
        if name != client::CLIENT_ID {
            values.push_str(value);
        }
    };
    signer.sign(&request, &signing, emit).map_err(|cause| unsigned(head.as_slice(), cause))?;
    Ok(values.into())
}

fn request<'a>(method: &'a [u8], url: &Url<'a>, headers: &'a [Header<'a>]) -> Request<'a> {
    Request { method, target: url.target, authority: url.authority, scheme: url.scheme, headers }
}

/// The answer to a URL that JavaScript must parse before it can be signed.
fn unsplit() -> Latin1String {
    String::new().into()
}

/// Why a head was not signed: a line break says more than the part it stands in.
fn unsigned(head: &[u8], cause: SignError) -> Error {
    if head.contains(&b'\n') { broken() } else { Code::Sign.error(cause) }
}

pub(crate) fn text(part: &[u8]) -> Result<&str> {
    core::str::from_utf8(part).map_err(|_| Code::Sign.error("names, user ids and request ids are ASCII"))
}

pub(crate) fn broken() -> Error {
    Code::Sign.error("a method, URL or header holds a line break, which HTTP does not allow; remove it")
}
