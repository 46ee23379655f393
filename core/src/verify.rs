//! Verifying: in one call when the body is at hand, or head first and body after.

use crate::keys::{Key, KeySource};
use crate::mac::HmacSha256;
use crate::pipeline::{Admitted, BodyCheck, Proof, admit, claim};
use crate::rejected::Fault;
use crate::replay::ReplayStore;
use crate::{Pending, Policy, Rejected, Rejection, Request, Scheme, Text};

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
        let key = self.check_body(&admitted, body).map_err(|fault| self.rejected(&admitted, fault))?;
        if let Some((store, entry)) = store.zip(admitted.entry.as_ref()) {
            claim(admitted.forgotten_from_s, now_ms, |until_s, now_s| store.claim(entry, until_s, now_s))
                .map_err(|fault| self.rejected(&admitted, fault))?;
        }
        key.usage().note(now_ms / 1000);
        let Admitted { credentials, age_ms, .. } = admitted;
        Ok(Identity {
            sender: credentials.sender,
            scheme: credentials.scheme,
            key_version: key.version(),
            user_id: credentials.user_id,
            nonce: credentials.nonce,
            age_ms,
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
        Pending::new(&admitted, self.policy).map_err(|fault| self.rejected(&admitted, fault))
    }

    fn check_body<'k>(&self, admitted: &Admitted<'_, 'k>, body: &[u8]) -> Result<&'k Key<HmacSha256>, Fault> {
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > self.policy.max_body_bytes {
            return Err(Rejection::BodyTooLarge.into());
        }
        let mut check = BodyCheck::new(admitted)?;
        check.update(body)?;
        let tried = check.finish()?;
        match admitted.proof {
            Proof::Found(key) => Some(key),
            Proof::Awaited(set) => tried.and_then(|at| set.tried().nth(at)),
        }
        .ok_or(Rejection::SignatureMismatch.into())
    }

    fn rejected(&self, admitted: &Admitted<'_, '_>, fault: impl Into<Fault>) -> Rejected {
        let Fault { reason, field } = fault.into();
        let credentials = &admitted.credentials;
        Rejected {
            reason,
            scheme: credentials.scheme,
            field,
            sender: Text::printable(credentials.sender.as_bytes()),
            key_version: credentials.key_version,
            age_ms: Some(admitted.age_ms),
            mode: self.policy.mode_for(credentials.sender),
        }
    }
}
