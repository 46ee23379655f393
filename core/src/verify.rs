//! Verifying: in one call when the body is at hand, or head first and body after.

use crate::body::BodyCheck;
use crate::keys::{Key, KeySource, MAX_TRIED};
use crate::mac::HmacSha256;
use crate::pipeline::{Admitted, Head, Proof, admit, claim, rejected};
use crate::rejected::Fault;
use crate::replay::ReplayStore;
use crate::{Pending, Policy, Rejected, Rejection, Request, Scheme};

/// Who sent a request, as verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The sender: a service name or a client id.
    pub sender: &'a str,
    /// The scheme that proved it.
    pub scheme: Scheme,
    /// The key version that matched.
    pub key_version: u32,
    /// The user the request is made for: signed under `message`, trusted by choice under `pairwise`, else `None`.
    pub user_id: Option<&'a str>,
    /// The nonce or request id; `None` where nothing is claimed.
    pub nonce: Option<&'a str>,
    /// How old the request was, in milliseconds; negative when its clock ran ahead.
    pub age_ms: i64,
}

/// A policy and the keys to judge by: cheap to make, one per request if need be. Safe to use from many threads.
#[derive(Debug)]
pub struct Verifier<'p, 'k, K: ?Sized> {
    /// What is asked of requests.
    pub policy: &'p Policy,
    /// The senders' keys.
    pub keys: &'k K,
}

impl<'p, K: KeySource + ?Sized> Verifier<'p, '_, K> {
    /// Verifies a whole request. `store` is where nonces are claimed; `None` claims none, for a caller who does so himself.
    /// `now_ms` counts milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// [`Rejected`] for whatever is wrong with the request; nothing in a request leads to any other failure.
    pub fn verify<'a>(
        &self,
        request: &Request<'a>,
        body: &[u8],
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejected>
    where
        'p: 'a,
    {
        let admitted = admit(self.policy, self.keys, request, store, now_ms)?;
        let Admitted { credentials, head } = &admitted;
        let key = self
            .check_body(&admitted, body)
            .and_then(|key| claim_now(head, store, now_ms).map(|()| key))
            .map_err(|fault| rejected(self.policy, credentials, now_ms, fault))?;
        key.usage().note(now_ms / 1000);
        Ok(Identity {
            sender: credentials.sender,
            scheme: credentials.scheme,
            key_version: key.version(),
            user_id: credentials.user_id,
            nonce: credentials.nonce,
            age_ms: head.age_ms,
        })
    }

    /// Judges a request's head; the body follows through [`Pending::update`].
    ///
    /// # Errors
    /// [`Rejected`], before a byte of the body was read.
    pub fn begin(
        &self,
        request: &Request<'_>,
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Pending, Rejected> {
        let admitted = admit(self.policy, self.keys, request, store, now_ms)?;
        Pending::new(&admitted, self.policy)
            .map_err(|fault| rejected(self.policy, &admitted.credentials, now_ms, fault))
    }

    fn check_body<'k>(&self, admitted: &Admitted<'_, 'k>, body: &[u8]) -> Result<&'k Key<HmacSha256>, Fault> {
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > self.policy.max_body_bytes {
            return Err(Rejection::BodyTooLarge.into());
        }
        match admitted.head.proof {
            Proof::Found(key) => check_whole::<1>(admitted, body).map(|_| key),
            // Most sets hold one key, and room for eight costs as much as hashing a block.
            Proof::Awaited(set) if set.keys().len() == 1 => {
                check_whole::<1>(admitted, body).map(|_| set.primary())
            }
            Proof::Awaited(set) => {
                let tried = check_whole::<MAX_TRIED>(admitted, body)?;
                tried.and_then(|at| set.tried().nth(at)).ok_or(Rejection::SignatureMismatch.into())
            }
        }
    }
}

fn check_whole<const KEYS: usize>(admitted: &Admitted<'_, '_>, body: &[u8]) -> Result<Option<usize>, Fault> {
    let mut check = BodyCheck::<KEYS>::new(admitted)?;
    check.update(body)?;
    Ok(check.finish()?)
}

fn claim_now(head: &Head<'_>, store: Option<&dyn ReplayStore>, now_ms: u64) -> Result<(), Fault> {
    let Some((store, entry)) = store.zip(head.entry.as_ref()) else { return Ok(()) };
    claim(head.forgotten_from_s, now_ms, |until_s, now_s| store.claim(entry, until_s, now_s))
        .map_err(Fault::from)
}
