//! Pending verifications, for servers that process a body while it arrives. The request head has been
//! verified, but the body has not arrived yet.

use core::ffi::c_void;
use std::sync::Arc;
use std::time::Instant;

use sealwire_core::replay::Outcome;
use sealwire_core::{Identity, Pending, Proven, Rejection, Request};

use crate::clock::check_now_ms;
use crate::counting::CountingVerifier;
use crate::guard::{guard, guard_free};
use crate::identity::sealwire_identity;
use crate::opaque::{Opaque, borrow, borrow_mut, free, give};
use crate::pointer::{Out, OutSlice, slice};
use crate::rejection::{RejectedOut, sealwire_rejection};
use crate::request::{read_received, sealwire_request};
use crate::status::{Failure, sealwire_status};
use crate::verdict::Verdict;
use crate::verifier::{route, sealwire_verifier};

/// A verification of a request whose body has not arrived yet. The verification must be used by one thread at
/// a time.
#[derive(Debug)]
pub struct sealwire_pending {
    _opaque: [u8; 0],
}

/// The contents of a pending verification.
#[derive(Debug)]
pub(crate) struct Course {
    verifier: Arc<CountingVerifier>,
    state: State,
    started: Instant,
    /// The time at which the head was verified, in Unix milliseconds.
    begun_ms: u64,
}

#[derive(Debug)]
enum State {
    Body(Box<Pending>),
    Proven(Box<Proven>),
    Ended,
}

impl Opaque for sealwire_pending {
    type Held = Course;
    const TAG: u64 = u64::from_be_bytes(*b"pending1");
}

/// The result of claiming a key in your own replay store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum sealwire_outcome {
    /// The key was new and is now stored.
    First = 0,
    /// The key was already stored.
    Seen = 1,
    /// The store is full.
    Full = 2,
    /// The store did not respond.
    Unavailable = 3,
}

/// The size, in bytes, of the key that identifies a nonce in your own replay store.
pub const SEALWIRE_SHARED_KEY_SIZE: usize = 32;

/// Verifies the head of a request before its body is read. On success, writes `*pending`. Then pass the body
/// to `sealwire_pending_update`. Always free `*pending` with `sealwire_pending_free`. If the status is
/// positive, writes `*rejected`. `rejected` may be NULL. Thread-safe.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_verifier_begin(
    verifier: *const sealwire_verifier,
    request: *const sealwire_request,
    now_ms: u64,
    pending: *mut *mut sealwire_pending,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (verifier, out) = unsafe { (borrow(verifier)?, Out::new(pending)?) };
        // SAFETY: as above.
        let rejected = unsafe { RejectedOut::new(rejected) }?;
        let (begun_ms, started) = (check_now_ms(now_ms)?, Instant::now());
        let begin = |request: &Request<'_>| {
            let mut pending = Pending::idle();
            let begun = verifier.begin_routed(&mut pending, request, route(verifier, request), begun_ms);
            let begun = begun.inspect_err(|reason| verifier.rejected(reason, started, begun_ms));
            begun.map(|()| pending).map_err(|reason| rejected.refuse(&reason))
        };
        // SAFETY: the C caller guarantees valid inputs.
        let pending = unsafe { read_received(request, begin) }?;
        let state = State::Body(Box::new(pending));
        give(Course { verifier: verifier.clone(), state, started, begun_ms }, out);
        Ok(())
    })
}

/// Adds the next chunk of the received body. A positive status ends the verification. In this case, send the response and free
/// `pending`. The verification must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_pending_update(
    pending: *mut sealwire_pending,
    chunk: *const c_void,
    chunk_size: usize,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles, inputs and outputs.
        let (course, chunk) = unsafe { (borrow_mut(pending)?, slice(chunk.cast(), chunk_size)?) };
        // SAFETY: as above.
        let rejected = unsafe { RejectedOut::new(rejected) }?;
        let State::Body(body) = &mut course.state else { return Err(sealwire_status::WrongState.into()) };
        course.verifier.update(body, chunk).map_err(|reason| {
            course.verifier.rejected(&reason, course.started, course.begun_ms);
            course.state = State::Ended;
            rejected.refuse(&reason)
        })
    })
}

/// Verifies the complete body, claims the nonce in the replay table of the verifier, and accepts the
/// request. Read the clock for `now_ms` after the body has arrived. The request is rejected if it is now
/// too old. A verifier without a replay table rejects requests with a nonce. With such a verifier, call
/// `sealwire_pending_prove` instead. This call ends the verification, regardless of its status. The
/// verification must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_pending_finish(
    pending: *mut sealwire_pending,
    now_ms: u64,
    identity: *mut sealwire_identity,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let course = unsafe { borrow_mut(pending) }?;
        // SAFETY: as above.
        let outputs = unsafe { Verdict::new(identity, rejected) }?;
        let now_ms = check_now_ms(now_ms)?;
        let body = course.take_body()?;
        match course.verifier.finish(body) {
            Ok(proven) => outputs.write(course.decided(course.verifier.claim(&proven, now_ms), now_ms)),
            Err(reason) => outputs.write(course.decided(Err(reason), now_ms)),
        }
    })
}

/// Verifies the complete body, but does not claim the nonce. Claim the nonce in your own store, such as
/// Redis. If `*has_key` is true, store `shared_key` atomically, but only if it is not stored yet. The key
/// must stay in the store until `*expires_s`, in Unix seconds. `shared_key` is the same on all hosts. Then
/// call `sealwire_pending_settle`. The verification must be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_pending_prove(
    pending: *mut sealwire_pending,
    shared_key: *mut u8,
    shared_key_size: usize,
    has_key: *mut bool,
    expires_s: *mut u64,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let (course, key_out) =
            unsafe { (borrow_mut(pending)?, OutSlice::new(shared_key, shared_key_size)?) };
        // SAFETY: as above.
        let (has_key, expires_s) = unsafe { (Out::new(has_key)?, Out::new(expires_s)?) };
        // SAFETY: as above.
        let rejected = unsafe { RejectedOut::new(rejected) }?;
        key_out.check_capacity(SEALWIRE_SHARED_KEY_SIZE)?;
        let body = course.take_body()?;
        let proven = course.verifier.finish(body).map_err(|reason| {
            course.verifier.rejected(&reason, course.started, course.begun_ms);
            rejected.refuse(&reason)
        })?;
        let key = proven.shared_key();
        key_out.write(key.as_ref().map_or(&[], |key| key.as_slice()))?;
        has_key.write(key.is_some());
        expires_s.write(proven.expires_s());
        course.state = State::Proven(Box::new(proven));
        Ok(())
    })
}

/// Accepts or rejects a request, depending on the result of the claim in your own store, which is a
/// `sealwire_outcome`. Pass `SEALWIRE_OUTCOME_FIRST` if there was no key to claim. This call ends the
/// verification, regardless of its status, unless the outcome is an unknown number. The verification must
/// be used by one thread at a time.
#[must_use]
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_pending_settle(
    pending: *mut sealwire_pending,
    outcome: i32,
    now_ms: u64,
    identity: *mut sealwire_identity,
    rejected: *mut sealwire_rejection,
) -> i32 {
    guard(|| {
        // SAFETY: the C caller guarantees valid handles and outputs.
        let course = unsafe { borrow_mut(pending) }?;
        // SAFETY: as above.
        let outputs = unsafe { Verdict::new(identity, rejected) }?;
        let (outcome, now_ms) = (read_outcome(outcome)?, check_now_ms(now_ms)?);
        let proven = course.take_proven()?;
        outputs.write(course.decided(course.verifier.settle(&proven, outcome, now_ms), now_ms))
    })
}

/// Frees a pending verification. NULL is allowed. No thread may use it afterwards.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn sealwire_pending_free(pending: *mut sealwire_pending) {
    // SAFETY: the C caller guarantees that the handle is valid and not used afterwards.
    guard_free(|| unsafe { free(pending) });
}

impl Course {
    fn take_body(&mut self) -> Result<Pending, Failure> {
        match core::mem::replace(&mut self.state, State::Ended) {
            State::Body(body) => Ok(*body),
            other => self.put_back(other),
        }
    }

    fn take_proven(&mut self) -> Result<Proven, Failure> {
        match core::mem::replace(&mut self.state, State::Ended) {
            State::Proven(proven) => Ok(*proven),
            other => self.put_back(other),
        }
    }

    fn decided<'i>(
        &self,
        verdict: Result<Identity<'i>, Rejection>,
        now_ms: u64,
    ) -> Result<Identity<'i>, Rejection> {
        self.verifier.decided(verdict, self.started, now_ms)
    }

    /// Restores the state and returns an error, because a call in the wrong order must not change the
    /// verification.
    fn put_back<T>(&mut self, state: State) -> Result<T, Failure> {
        self.state = state;
        Err(sealwire_status::WrongState.into())
    }
}

fn read_outcome(number: i32) -> Result<Outcome, Failure> {
    match number {
        0 => Ok(Outcome::First),
        1 => Ok(Outcome::Seen),
        2 => Ok(Outcome::Full),
        3 => Ok(Outcome::Unavailable),
        _ => Err(sealwire_status::InvalidArgument.into()),
    }
}
