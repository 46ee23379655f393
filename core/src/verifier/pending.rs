//! Verifies requests whose body arrives later, for servers that stream bodies. The types own their data, so
//! they can outlive the request.

use super::body::BodyCheck;
use super::head::{Head, KeyMatch, claim};
use super::identity::Identity;
use super::rejection::Rejection;
use crate::bytes::text::Text;
use crate::keys::key_set::MAX_TRIED;
use crate::keys::source::KeyName;
use crate::policy::Policy;
use crate::policy::mode::Mode;
use crate::replay::nonce::{Nonce, shared_key};
use crate::replay::store::Outcome;
use crate::schemes::Credentials;
use crate::wire::grammar::{MAX_ID_BYTES, canonical_name};
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// A request with a verified head whose body has not arrived completely.
#[derive(Debug)]
pub struct Pending {
    ticket: Ticket,
    check: BodyCheck<MAX_TRIED>,
    tried: [Option<u32>; MAX_TRIED],
    /// The number of body bytes that may still arrive.
    remaining: u64,
}

/// A request with a verified head and body, whose nonce has not been claimed yet.
#[derive(Debug)]
pub struct Proven {
    ticket: Ticket,
    key_version: u32,
}

/// The request data that is required after the head is verified.
#[derive(Clone, Copy, Debug)]
struct Ticket {
    scheme: Scheme,
    name_as_sent: Text<MAX_ID_BYTES>,
    /// Whether the key belongs to a pair of services.
    paired: bool,
    key_version: Option<u32>,
    user_id: Option<Text<MAX_ID_BYTES>>,
    nonce: Option<Text<MAX_ID_BYTES>>,
    age_ms: i64,
    nonce_expires_s: u64,
    mode: Mode,
    /// Whether the MAC has been checked and is valid.
    mac_was_valid: bool,
}

impl Pending {
    /// Creates a value that contains no request. Pass it to
    /// [`Verifier::begin_into`](crate::Verifier::begin_into) to start a verification. Before that,
    /// [`Pending::finish`] returns a rejection.
    #[must_use]
    pub const fn idle() -> Self {
        Self { ticket: Ticket::IDLE, check: BodyCheck::Unsigned, tried: [None; MAX_TRIED], remaining: 0 }
    }

    /// Discards the verification and wipes its key material.
    pub(crate) fn clear(&mut self) {
        self.tried = [None; MAX_TRIED];
        self.check = BodyCheck::Unsigned;
    }

    /// Starts a verification. The data is written to `self`, because moving it would copy more than a
    /// kilobyte.
    pub(crate) fn admit(
        &mut self,
        credentials: &Credentials<'_, '_>,
        head: &Head<'_>,
        request: &Request<'_>,
        policy: &Policy,
    ) -> Result<(), Fault> {
        let keep = |text: &str| Text::new(text).ok_or(Reason::MalformedHeader);
        self.ticket = Ticket {
            scheme: credentials.scheme,
            name_as_sent: keep(credentials.claims.name_as_sent)?,
            paired: matches!(credentials.claims.key, KeyName::Pair(..)),
            key_version: credentials.claims.key_version,
            user_id: credentials.claims.user_id.map(keep).transpose()?,
            nonce: credentials.claims.nonce.map(keep).transpose()?,
            age_ms: head.age_ms,
            nonce_expires_s: head.nonce_expires_s,
            mode: policy.mode_for(credentials.claims.sender()),
            mac_was_valid: head.is_proven(),
        };
        self.check.begin(credentials, head.proof, request)?;
        self.remaining = policy.max_body_bytes;
        match head.proof {
            KeyMatch::Found(key) => self.tried = [Some(key.version()); MAX_TRIED],
            KeyMatch::Awaited(set) => {
                self.tried.iter_mut().zip(set.tried()).for_each(|(place, key)| *place = Some(key.version()))
            }
        }
        Ok(())
    }

    /// Returns `true` if the verification requires the body. Otherwise, a server can accept the request
    /// before the body arrives.
    #[must_use]
    pub const fn reads_body(&self) -> bool {
        !matches!(self.check, BodyCheck::Unsigned)
    }

    /// Adds the next part of the received body.
    ///
    /// # Errors
    /// [`Rejection`] with `body_too_large` as soon as the limit is exceeded, or `missing_coverage` if there
    /// is a body but no signed digest. After an error, the verification cannot continue.
    pub fn update(&mut self, chunk: &[u8]) -> Result<(), Rejection> {
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        let remaining = self.remaining.checked_sub(length);
        self.remaining = remaining.ok_or_else(|| self.ticket.rejected(Reason::BodyTooLarge))?;
        self.check.update(chunk).map_err(|reason| self.ticket.rejected(reason))
    }

    /// Discards a verification whose body did not arrive in time, and returns the rejection.
    pub fn expire(&mut self) -> Rejection {
        self.clear();
        self.ticket.rejected(Reason::BodyTimeout)
    }

    /// Finishes the verification of the body.
    ///
    /// # Errors
    /// [`Rejection`] with `signature_mismatch` or `body_digest_mismatch`.
    pub fn finish(mut self) -> Result<Proven, Rejection> {
        self.finish_in_place()
    }

    /// Like [`Pending::finish`], but does not move the value.
    ///
    /// # Errors
    /// [`Rejection`], as for [`Pending::finish`].
    pub fn finish_in_place(&mut self) -> Result<Proven, Rejection> {
        let (found, tried) = (self.check.finish(), self.tried);
        self.clear();
        let found = found.map_err(|reason| self.ticket.rejected(reason))?;
        let version = tried.get(found.unwrap_or_default()).copied().flatten();
        let key_version = version.ok_or_else(|| self.ticket.rejected(Reason::SignatureMismatch))?;
        Ok(Proven { ticket: Ticket { mac_was_valid: true, ..self.ticket }, key_version })
    }
}

impl Proven {
    /// Returns the key for the nonce in a shared replay store, such as Redis, or `None` if the request has no
    /// nonce.
    #[must_use]
    pub fn shared_key(&self) -> Option<[u8; 32]> {
        self.ticket.nonce().map(shared_key)
    }

    /// Returns the Unix time in seconds until which the store must keep the key.
    #[must_use]
    pub const fn expires_s(&self) -> u64 {
        self.ticket.nonce_expires_s
    }

    /// Claims the nonce, if there is one. `outcome` receives the nonce, the expiry time and the current time.
    /// The times are in Unix seconds.
    pub(super) fn claim(
        &self,
        now_ms: u64,
        outcome: impl FnOnce(Nonce<'_>, u64, u64) -> Outcome,
    ) -> Result<(), Rejection> {
        let Some(nonce) = self.ticket.nonce() else { return Ok(()) };
        claim(self.ticket.nonce_expires_s, now_ms, |until_s, now_s| outcome(nonce, until_s, now_s))
            .map_err(|reason| self.ticket.rejected(reason))
    }

    /// Returns the name and the version of the key that signed the request.
    pub(super) fn key<'a>(&'a self, policy: &'a Policy) -> (KeyName<'a>, u32) {
        (self.ticket.key_name(policy), self.key_version)
    }

    pub(super) fn identity(&self) -> Identity<'_> {
        let ticket = &self.ticket;
        Identity {
            sender: ticket.sender(),
            name_as_sent: ticket.name_as_sent.as_str(),
            scheme: ticket.scheme,
            key_version: self.key_version,
            user_id: ticket.user_id.as_ref().map(Text::as_str),
            nonce: ticket.nonce.as_ref().map(Text::as_str),
            age_ms: ticket.age_ms,
        }
    }
}

impl Ticket {
    const IDLE: Self = Self {
        scheme: Scheme::Message,
        name_as_sent: Text::EMPTY,
        paired: false,
        key_version: None,
        user_id: None,
        nonce: None,
        age_ms: 0,
        nonce_expires_s: 0,
        mode: Mode::Enforce,
        mac_was_valid: false,
    };

    fn sender(&self) -> &str {
        canonical_name(self.name_as_sent.as_str())
    }

    fn nonce(&self) -> Option<Nonce<'_>> {
        self.nonce.as_ref().map(|nonce| Nonce { sender: self.sender(), nonce: nonce.as_str().as_bytes() })
    }

    fn key_name<'a>(&'a self, policy: &'a Policy) -> KeyName<'a> {
        let sender = self.sender();
        if self.paired { KeyName::Pair(sender, policy.service.as_str()) } else { KeyName::Client(sender) }
    }

    fn rejected(&self, reason: Reason) -> Rejection {
        Rejection {
            reason,
            scheme: self.scheme,
            field: None,
            sender: Text::printable(self.sender().as_bytes()),
            key_version: self.key_version,
            age_ms: Some(self.age_ms),
            mode: self.mode,
            mac_was_valid: self.mac_was_valid,
        }
    }
}
