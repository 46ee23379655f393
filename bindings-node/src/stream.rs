//! Verifies a request in steps: first the head, and then the body, which is passed in chunks. In the last step,
//! the nonce is claimed in the verifier's table or in a store implemented in JavaScript.

use core::cell::RefCell;

use napi::JsString;
use napi::bindgen_prelude::{Either, External};
use napi_derive::napi;
use sealwire_core::replay::Outcome;
use sealwire_core::{Pending, Proven, Rejection};
use sealwire_host::Verifier;

use crate::error::{Code, Result};
use crate::head;
use crate::shared::parts::with_request;
use crate::shared::verdict::{rejected, verdict};
use crate::verify::{Held, clock};

/// A verification that is waiting for the body. It is `None` after the verification has ended.
pub type Waiting = RefCell<Option<Pending>>;

/// The data that a shared store needs to claim a nonce.
#[napi(object, object_from_js = false)]
pub struct SharedClaim {
    /// The key to claim, in hexadecimal.
    pub key: String,
    /// The Unix time in seconds until which the store must keep the key.
    pub expires_s: f64,
}

/// Verifies a head. Returns a verification that is waiting for the body, or a string if the head is rejected.
#[napi(catch_unwind)]
pub fn begin(
    verifier: &External<Held>,
    head: JsString<'_>,
    fields: u32,
    now_ms: Option<i64>,
) -> Result<Either<External<Waiting>, String>> {
    let head = head::read(head)?;
    let now_ms = clock(now_ms)?;
    let mut pending = Pending::idle();
    let begun = with_request(verifier, head.as_slice(), fields, |request, route| {
        verifier.begin_routed(&mut pending, request, route, now_ms)
    });
    Ok(or_rejected(begun.map(|()| RefCell::new(Some(pending)))))
}

/// Returns `true` if the body must be passed to [`update`].
#[napi(catch_unwind)]
pub fn reads_body(waiting: &External<Waiting>) -> bool {
    waiting.try_borrow().is_ok_and(|pending| pending.as_ref().is_some_and(Pending::reads_body))
}

/// Adds a chunk of the body. If the request is rejected, ends the verification and returns a string.
#[napi(catch_unwind)]
pub fn update(
    verifier: &External<Held>,
    waiting: &External<Waiting>,
    chunk: &[u8],
) -> Result<Option<String>> {
    let mut place = waiting.try_borrow_mut().map_err(|cause| Code::State.error(cause))?;
    let pending = place.as_mut().ok_or_else(ended)?;
    let refused = verifier.update(pending, chunk).err();
    if refused.is_some() {
        *place = None;
    }
    Ok(refused.as_ref().map(rejected))
}

/// Ends the verification of a request whose body did not arrive in time, and returns the rejection.
#[napi(catch_unwind)]
pub fn expire(verifier: &External<Held>, waiting: &External<Waiting>) -> Result<String> {
    let mut place = waiting.try_borrow_mut().map_err(|cause| Code::State.error(cause))?;
    let mut pending = place.take().ok_or_else(ended)?;
    Ok(rejected(&verifier.expire(&mut pending)))
}

/// Verifies the complete body, claims the nonce in the verifier's table, and returns the verdict.
#[napi(catch_unwind)]
pub fn finish(verifier: &External<Held>, waiting: &External<Waiting>, now_ms: Option<i64>) -> Result<String> {
    let now_ms = clock(now_ms)?;
    Ok(match proven(verifier, waiting)? {
        Ok(proven) => verdict(&verifier.claim(&proven, now_ms)),
        Err(refused) => rejected(&refused),
    })
}

/// Verifies the complete body without claiming the nonce, because the JavaScript code claims it. Returns the
/// verified request, or a string if the request is rejected.
#[napi(catch_unwind)]
pub fn prove(
    verifier: &External<Held>,
    waiting: &External<Waiting>,
) -> Result<Either<External<Proven>, String>> {
    Ok(or_rejected(proven(verifier, waiting)?))
}

/// Returns the claim for a shared store, or `null` if the scheme has no nonce.
#[napi(catch_unwind)]
pub fn shared_claim(proven: &External<Proven>) -> Option<SharedClaim> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "JavaScript numbers are doubles, and times in seconds are far below 2^53"
    )]
    let expires_s = proven.expires_s() as f64;
    proven.shared_key().map(|key| SharedClaim { key: hex::encode(key), expires_s })
}

/// Accepts or rejects a verified request. `first` is the result of the JavaScript store: `true` for a new key,
/// `false` for a claimed key, and `null` if the store cannot decide.
#[napi(catch_unwind)]
pub fn settle(
    verifier: &External<Held>,
    proven: &External<Proven>,
    first: Option<bool>,
    now_ms: Option<i64>,
) -> Result<String> {
    let outcome = match first {
        Some(true) => Outcome::First,
        Some(false) => Outcome::Seen,
        None => Outcome::Unavailable,
    };
    Ok(verdict(&verifier.settle(proven, outcome, clock(now_ms)?)))
}

fn proven(verifier: &Verifier, waiting: &Waiting) -> Result<core::result::Result<Proven, Rejection>> {
    let mut place = waiting.try_borrow_mut().map_err(|cause| Code::State.error(cause))?;
    let pending = place.take().ok_or_else(ended)?;
    Ok(verifier.finish(pending))
}

fn or_rejected<T: 'static>(result: core::result::Result<T, Rejection>) -> Either<External<T>, String> {
    match result {
        Ok(value) => Either::A(External::new(value)),
        Err(refused) => Either::B(rejected(&refused)),
    }
}

fn ended() -> crate::error::Error {
    Code::State.error("this verification has ended; begin another for another request")
}
