//! The common part of all server middlewares. It verifies the head, reads the body up to the limit, and
//! claims the nonce.

use std::future::poll_fn;
use std::task::{Context, Poll};
use std::time::Instant;

use bytes::Bytes;
use sealwire_core::{Mode, Pending, Scheme};

use crate::head::Head;
use crate::identity::Identity;
use crate::rejection::Rejection;
use crate::report;
use crate::verifier::{Claimed, Verifier};

/// A request body that arrives in chunks.
pub(crate) trait Arriving {
    /// Returns the next chunk, `None` at the end of the body, or an error if the caller has disconnected.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Gone>>>;
}

/// The error of a body that is incomplete because the connection failed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Gone;

/// The result of verifying a request.
pub(crate) enum Verdict {
    /// The request needs no signature.
    Exempt,
    /// The request is verified.
    Accepted(Identity),
    /// The verification failed, but the request is accepted without an identity because of the mode.
    /// Contains the rejection if the mode is `observe`, and `None` if the mode is `off`.
    Passed(Option<Rejection>),
    /// The request is rejected.
    Rejected(Rejection),
    /// The connection failed, so no response can be sent.
    Gone,
}

/// Verifies a request. Appends the chunks of the body to `read`, because the application needs them later.
pub(crate) async fn judge(
    verifier: &Verifier,
    head: &Head<'_>,
    claimed: Option<&Claimed>,
    body: &mut impl Arriving,
    read: &mut Vec<Bytes>,
) -> Verdict {
    if verifier.exempts(head) {
        return Verdict::Exempt;
    }
    let started = Instant::now();
    let verdict = match verified_at_once(verifier, head, claimed) {
        Some(verdict) => Ok(verdict),
        None => match verifier.begin(head, claimed) {
            Ok(pending) => complete(verifier, pending, claimed, body, read).await,
            Err(rejection) => Ok(Err(rejection)),
        },
    };
    match verdict {
        Err(Gone) => Verdict::Gone,
        Ok(Ok(identity)) => {
            report::accepted(&identity, verifier, head, started.elapsed());
            Verdict::Accepted(identity)
        }
        Ok(Err(rejection)) => {
            if rejection.mode() != Mode::Off {
                report::rejected(&rejection, verifier, head, started.elapsed());
            }
            match rejection.mode() {
                Mode::Enforce => Verdict::Rejected(rejection),
                Mode::Observe => Verdict::Passed(Some(rejection)),
                Mode::Off => Verdict::Passed(None),
            }
        }
    }
}

/// Verifies a request without reading its body. Returns `None` if an accepted scheme signs the body, if an
/// outer verifier has claimed the nonce, or if several hosts share the replay store.
fn verified_at_once(
    verifier: &Verifier,
    head: &Head<'_>,
    claimed: Option<&Claimed>,
) -> Option<Result<Identity, Rejection>> {
    let only_client = verifier.0.verifier.policy().schemes == [Some(Scheme::Client), None, None];
    (only_client && claimed.is_none() && verifier.0.shared.is_none()).then(|| verifier.verify_head(head))
}

async fn complete(
    verifier: &Verifier,
    mut pending: Box<Pending>,
    claimed: Option<&Claimed>,
    body: &mut impl Arriving,
    read: &mut Vec<Bytes>,
) -> Result<Result<Identity, Rejection>, Gone> {
    if pending.reads_body() {
        let arrived = receive(verifier, &mut pending, body, read);
        match tokio::time::timeout(verifier.0.body_timeout, arrived).await {
            Ok(Ok(Ok(()))) => {}
            Ok(Ok(Err(rejection))) => return Ok(Err(rejection)),
            Ok(Err(Gone)) => return Err(Gone),
            Err(_elapsed) => {
                let rejection = verifier.0.verifier.expire(&mut pending);
                return Ok(Err(verifier.rejection(rejection)));
            }
        }
    }
    Ok(verifier.finish(&mut pending, claimed).await)
}

/// Reads a body to its end, or until it exceeds the limit. The chunk that exceeds the limit is also appended
/// to `read`, because the application receives it under the mode `observe`.
async fn receive(
    verifier: &Verifier,
    pending: &mut Pending,
    body: &mut impl Arriving,
    read: &mut Vec<Bytes>,
) -> Result<Result<(), Rejection>, Gone> {
    while let Some(chunk) = poll_fn(|context| body.poll_chunk(context)).await {
        let chunk = chunk?;
        let updated = verifier.update(pending, &chunk);
        read.push(chunk);
        if updated.is_err() {
            return Ok(updated);
        }
    }
    Ok(Ok(()))
}

impl Claimed {
    /// Returns the claim for an accepted request, or `None` if its scheme has no nonce.
    pub(crate) fn of(identity: &Identity) -> Option<Self> {
        Some(Self { sender: identity.sender.clone(), nonce: identity.nonce.clone()? })
    }
}
