//! Verifying: in one call when the body is at hand, or head first and body after.

use crate::keys::{Key, KeySource};
use crate::mac::HmacSha256;
use crate::pipeline::{
    Credentials, Head, HeadVerifier, KeyMatch, chosen, claim, read, rejected, signed_by, unread,
};
use crate::rejection::Fault;
use crate::replay::ReplayStore;
use crate::{Pending, Policy, Reason, Rejection, Request, Scheme};

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

impl<'p, 'k, K: KeySource + ?Sized> Verifier<'p, 'k, K> {
    /// Verifies a whole request. `store` is where nonces are claimed; `None` claims none, for a caller who does so himself.
    /// `now_ms` counts milliseconds since the Unix epoch.
    ///
    /// # Errors
    /// [`Rejection`] for whatever is wrong with the request; nothing in a request leads to any other failure.
    pub fn verify<'a>(
        &self,
        request: &Request<'a>,
        body: &[u8],
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Identity<'a>, Rejection>
    where
        'p: 'a,
    {
        let mut room = None;
        let scheme = chosen(self.policy, request);
        let read = read(scheme, self.policy, request, &mut room);
        let credentials = read.as_ref().map_err(|fault| unread(self.policy, scheme, request, *fault))?;
        self.accept(credentials, request, body, store, now_ms)
            .map_err(|fault| rejected(self.policy, credentials, now_ms, fault))
    }

    #[inline]
    fn accept<'a>(
        &self,
        credentials: &Credentials<'a, '_>,
        request: &Request<'_>,
        body: &[u8],
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Identity<'a>, Fault> {
        let head = self.judge(request, store, now_ms).head(credentials)?;
        let key = self.check_body(credentials, &head, request, body)?;
        claim_now(&head, store, now_ms)?;
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
    /// [`Rejection`], before a byte of the body was read.
    pub fn begin(
        &self,
        request: &Request<'_>,
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<Pending, Rejection> {
        let mut pending = Pending::idle();
        self.begin_into(&mut pending, request, store, now_ms).map(|()| pending)
    }

    /// As [`Verifier::begin`], in a place of the caller's: what was pending there is over.
    ///
    /// # Errors
    /// As [`Verifier::begin`].
    pub fn begin_into(
        &self,
        place: &mut Pending,
        request: &Request<'_>,
        store: Option<&dyn ReplayStore>,
        now_ms: u64,
    ) -> Result<(), Rejection> {
        place.clear();
        let mut room = None;
        let scheme = chosen(self.policy, request);
        let read = read(scheme, self.policy, request, &mut room);
        let credentials = read.as_ref().map_err(|fault| unread(self.policy, scheme, request, *fault))?;
        self.judge(request, store, now_ms)
            .head(credentials)
            .and_then(|head| place.admit(credentials, &head, request, self.policy))
            .map_err(|fault| rejected(self.policy, credentials, now_ms, fault))
    }

    fn judge<'j>(
        &'j self,
        request: &'j Request<'j>,
        store: Option<&'j dyn ReplayStore>,
        now_ms: u64,
    ) -> HeadVerifier<'j, 'k, K> {
        HeadVerifier { policy: self.policy, keys: self.keys, request, store, now_ms }
    }

    #[inline]
    fn check_body(
        &self,
        credentials: &Credentials<'_, '_>,
        head: &Head<'k>,
        request: &Request<'_>,
        body: &[u8],
    ) -> Result<&'k Key<HmacSha256>, Fault> {
        if u64::try_from(body.len()).unwrap_or(u64::MAX) > self.policy.max_body_bytes {
            return Err(Reason::BodyTooLarge.into());
        }
        match head.proof {
            KeyMatch::Found(key) => credentials.input.body().check(body).map(|()| key).map_err(Fault::from),
            KeyMatch::Awaited(set) => signed_by(set.tried(), credentials, request, body, || Ok(())),
        }
    }
}

fn claim_now(head: &Head<'_>, store: Option<&dyn ReplayStore>, now_ms: u64) -> Result<(), Fault> {
    let Some((store, entry)) = store.zip(head.entry.as_ref()) else { return Ok(()) };
    claim(head.nonce_expires_s, now_ms, |until_s, now_s| store.claim(entry, until_s, now_s))
        .map_err(Fault::from)
}
