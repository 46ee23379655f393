//! Signers.

use napi::JsString;
use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_core::{Request, Signing, client};
use sealwire_host::{Signer, fresh_nonce, now_ms, schemes};

use crate::error::{Code, Result};
use crate::head::{self, Parts};
use crate::ring::Ring;
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
const USUAL_BYTES: usize = 256;

/// Builds a signer.
#[napi(catch_unwind)]
pub fn new_signer(options: SignerOptions, ring: &External<Ring>) -> Result<External<Signer>> {
    let schemes =
        schemes("schemes", &options.schemes.unwrap_or_default()).map_err(|cause| explained(&cause))?;
    let lower = |name: String| name.to_ascii_lowercase();
    Ok(External::new(Signer {
        name: options.name,
        ring: Ring::clone(ring),
        schemes,
        cover_authority: !options.ignore_authority.unwrap_or_default(),
        cover_fields: options.cover_fields.unwrap_or_default().into_iter().map(lower).collect(),
    }))
}

/// Signs a request: the headers to send, name and value in turn, joined by line breaks. The head is method, target,
/// authority, scheme, receiver, user id and nonce, then header lines; an empty user id is none, an empty nonce a fresh one.
#[napi(catch_unwind)]
pub fn sign(
    signer: &External<Signer>,
    head: JsString<'_>,
    fields: u32,
    body: Option<&[u8]>,
    now_ms: Option<i64>,
) -> Result<String> {
    let head = head::read(head)?;
    let mut parts = Parts::of(head.as_slice());
    let taken = parts.take().zip(parts.headers(fields));
    let ([method, target, authority, scheme, receiver, user_id, nonce], headers) =
        taken.ok_or_else(broken)?;
    let request = Request { method, target, authority, scheme, headers: &headers };
    let fresh = fresh_nonce().map_err(|cause| Code::Sign.error(cause))?;
    let signing = Signing {
        receiver: text(receiver)?,
        body: body.unwrap_or_default(),
        user_id: Some(text(user_id)?).filter(|user| !user.is_empty()),
        nonce: Some(text(nonce)?).filter(|nonce| !nonce.is_empty()).unwrap_or(fresh.as_str()),
        now_ms: clock(now_ms)?,
    };
    let mut lines = Lines::default();
    signer
        .sign(&request, &signing, |name, value| lines.push(name, value))
        .map_err(|cause| Code::Sign.error(cause))?;
    Ok(lines.joined())
}

/// Header lines for JavaScript: name and value in turn.
pub(crate) struct Lines(String);

impl Default for Lines {
    fn default() -> Self {
        Self(String::with_capacity(USUAL_BYTES))
    }
}

impl Lines {
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        for piece in [name, value] {
            self.0.push_str(piece);
            self.0.push('\n');
        }
    }

    pub(crate) fn joined(mut self) -> String {
        self.0.pop();
        self.0
    }
}

/// Signs a request of method and target in `client` alone, at this moment: the values of `catalog().clientSigned`, joined.
#[napi(catch_unwind)]
pub fn sign_client(signer: &External<Signer>, head: JsString<'_>) -> Result<String> {
    let head = head::read(head)?;
    let mut parts = Parts::of(head.as_slice());
    let [method, target] = parts.take().filter(|_| parts.is_at_end()).ok_or_else(broken)?;
    let request = Request { method, target, authority: b"", scheme: b"", headers: &[] };
    let fresh = fresh_nonce().map_err(|cause| Code::Sign.error(cause))?;
    let signing = Signing { nonce: fresh.as_str(), now_ms: now_ms(), ..Signing::default() };
    let mut values = String::with_capacity(USUAL_BYTES);
    let emit = |name: &'static str, value: &str| {
        if name != client::CLIENT_ID {
            values.push_str(value);
            values.push('\n');
        }
    };
    signer.sign(&request, &signing, emit).map_err(|cause| Code::Sign.error(cause))?;
    Ok(values)
}

pub(crate) fn text(part: &[u8]) -> Result<&str> {
    core::str::from_utf8(part).map_err(|_| Code::Sign.error("names, user ids and request ids are ASCII"))
}

pub(crate) fn broken() -> crate::error::Error {
    Code::Sign.error("a method, URL or header holds a line break, which HTTP does not allow; remove it")
}
