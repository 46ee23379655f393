//! Verifies a request in steps: first the head, and then the body, which is passed in chunks. In the last step,
//! the nonce is claimed in the verifier's table or in a store implemented in JavaScript.

use sealwire_core::replay::Outcome;
use sealwire_core::{Pending, Rejection};

use crate::error::Result;
use crate::memory::{call, cut, milliseconds};
use crate::objects::{self, Object, put, take_proven, take_waiting, with_proven, with_waiting};
use crate::shared::parts::with_request;
use crate::shared::verdict::{rejected, verdict};

/// Verifies a head. Returns the number of a verification that is waiting for the body. If the head is rejected,
/// returns 0 and writes the rejection.
#[unsafe(no_mangle)]
extern "C" fn sealwire_begin(verifier: u32, head: usize, fields: u32, now_ms: f64) -> i32 {
    call(|input, output| {
        let verifier = objects::verifier(verifier)?;
        let [head] = cut(input, [head])?;
        let mut pending = Box::new(Pending::idle());
        let begun = with_request(&verifier, head, fields, |request, route| {
            verifier.begin_routed(&mut pending, request, route, milliseconds(now_ms))
        });
        or_rejected(begun.map(|()| Object::Waiting(pending)), output)
    })
}

/// Returns 1 if the body must be passed to [`sealwire_update`].
#[unsafe(no_mangle)]
extern "C" fn sealwire_reads_body(waiting: u32) -> i32 {
    call(|_, _| with_waiting(waiting, |pending| pending.reads_body().into()))
}

/// Adds a chunk of the body. If the request is rejected, returns 1, writes the rejection and frees the verification. Otherwise
/// returns 0.
#[unsafe(no_mangle)]
extern "C" fn sealwire_update(verifier: u32, waiting: u32) -> i32 {
    call(|input, output| {
        let verifier = objects::verifier(verifier)?;
        let Err(refused) = with_waiting(waiting, |pending| verifier.update(pending, input))? else {
            return Ok(0);
        };
        drop(take_waiting(waiting)?);
        output.extend_from_slice(rejected(&refused).as_bytes());
        Ok(1)
    })
}

/// Frees the verification of a request whose body did not arrive in time, and writes the rejection.
#[unsafe(no_mangle)]
extern "C" fn sealwire_expire(verifier: u32, waiting: u32) -> i32 {
    call(|_, output| {
        let mut pending = take_waiting(waiting)?;
        let refused = objects::verifier(verifier)?.expire(&mut pending);
        output.extend_from_slice(rejected(&refused).as_bytes());
        Ok(0)
    })
}

/// Verifies the complete body, claims the nonce in the verifier's table, and writes the verdict.
#[unsafe(no_mangle)]
extern "C" fn sealwire_finish(verifier: u32, waiting: u32, now_ms: f64) -> i32 {
    call(|_, output| {
        let mut pending = take_waiting(waiting)?;
        let verifier = objects::verifier(verifier)?;
        let verdict = match verifier.finish_in_place(&mut pending) {
            Ok(proven) => verdict(&verifier.claim(&proven, milliseconds(now_ms))),
            Err(refused) => rejected(&refused),
        };
        output.extend_from_slice(verdict.as_bytes());
        Ok(0)
    })
}

/// Verifies the complete body without claiming the nonce, because the JavaScript code claims it. Returns the
/// number of the verified request. If the request is rejected, returns 0 and writes the rejection.
#[unsafe(no_mangle)]
extern "C" fn sealwire_prove(verifier: u32, waiting: u32) -> i32 {
    call(|_, output| {
        let mut pending = take_waiting(waiting)?;
        let proven = objects::verifier(verifier)?.finish_in_place(&mut pending);
        or_rejected(proven.map(|proven| Object::Proven(Box::new(proven))), output)
    })
}

/// Writes the key to claim in hex, a line break, and the Unix time in seconds until which the store must keep
/// the key. Returns 0 if the scheme has no nonce.
#[unsafe(no_mangle)]
extern "C" fn sealwire_shared_claim(proven: u32) -> i32 {
    call(|_, output| {
        let claim = with_proven(proven, |proven| proven.shared_key().map(|key| (key, proven.expires_s())))?;
        let Some((key, expires_s)) = claim else { return Ok(0) };
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        output.extend_from_slice(format!("{hex}\n{expires_s}").as_bytes());
        Ok(1)
    })
}

/// Accepts or rejects a verified request, and writes the verdict. `first` is the result of the JavaScript
/// store: 1 for a new key, 0 for a key that was claimed before, and any other number if the store could not
/// decide.
#[unsafe(no_mangle)]
extern "C" fn sealwire_settle(verifier: u32, proven: u32, first: i32, now_ms: f64) -> i32 {
    let outcome = match first {
        1 => Outcome::First,
        0 => Outcome::Seen,
        _ => Outcome::Unavailable,
    };
    call(|_, output| {
        let proven = take_proven(proven)?;
        let verifier = objects::verifier(verifier)?;
        let result = verifier.settle(&proven, outcome, milliseconds(now_ms));
        output.extend_from_slice(verdict(&result).as_bytes());
        Ok(0)
    })
}

fn or_rejected(result: core::result::Result<Object, Rejection>, output: &mut Vec<u8>) -> Result<u32> {
    match result {
        Ok(object) => put(object),
        Err(refused) => {
            output.extend_from_slice(rejected(&refused).as_bytes());
            Ok(0)
        }
    }
}
