//! Signed responses (RFC 9421 section 2.4). A client verifies who sent a response, and that it belongs to the
//! client's request.
//!
//! The signature covers `@status`, `Content-Digest` and the signature header of the request. An empty body
//! also has a digest. The parameter `created` is the time of the server. A client that corrects its clock
//! must use only this time, after it has verified the signature. A response needs neither a time window nor a
//! nonce, because it belongs to a single request.

use crate::bytes::text::Text;
use crate::http_signature::base::{Message, Response, write_base};
use crate::http_signature::component::{Component, Covered, Form, Part};
use crate::http_signature::content_digest::{ContentDigest, FORMATTED_LENGTH};
use crate::http_signature::covered::CoveredComponents;
use crate::keys::key_set::KeySet;
use crate::keys::source::{KeyName, KeySource};
use crate::mac::sha256::{HmacSha256, HmacSha256Stream};
use crate::policy::mode::Mode;
use crate::policy::window::UNKNOWN_TIME_MS;
use crate::schemes::message::names::{
    CONTENT_DIGEST, KeyId, LABEL, RESPONSE_TAG, SIGNATURE, SIGNATURE_INPUT,
};
use crate::schemes::message::read::{self, digest, fault, require};
use crate::schemes::message::received::ReceivedSignature;
use crate::schemes::message::sign::{MAX_INPUT_BYTES, SignatureInput};
use crate::schemes::signing::SignError;
use crate::verifier::rejection::Rejection;
use crate::wire::grammar::canonical_name;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::{Header, Request};
use crate::wire::scheme::Scheme;

const STATUS: Covered<'static> = Covered::of_message("\"@status\"", Part::Status);
const DIGEST: Covered<'static> = Covered::of_message("\"content-digest\"", read::DIGEST);

/// A request with its caller, the called service and the keys. It contains all data that is necessary to sign
/// or verify the response.
#[derive(Debug)]
pub struct Exchange<'e, K: ?Sized> {
    /// The sender of the request, which is a service name or a client id.
    pub caller: &'e str,
    /// The name of the service that responds. It may be empty if the response is signed with a client key.
    pub service: &'e str,
    /// The keys. The primary key signs the response.
    pub keys: &'e K,
    /// The scheme used to sign the request.
    pub scheme: Scheme,
    /// The request as sent, including its signature headers.
    pub request: Request<'e>,
}

/// A verified response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedResponse {
    /// The time of the server when it signed the response, in Unix seconds.
    pub server_time_s: u64,
    /// The version of the key that signed the response.
    pub key_version: u32,
}

impl<K: KeySource + ?Sized> Exchange<'_, K> {
    /// Signs a response with this status and body, and passes each header to `emit`. The response to a
    /// rejected request can also be signed if [`Rejection::mac_was_valid`] is `true`.
    ///
    /// # Errors
    /// [`SignError::NoKey`] if the caller has no key, [`SignError::Component`] if the request is not signed,
    /// or [`SignError::UnknownTime`] if the clock failed.
    pub fn sign(
        &self,
        status: u16,
        body: &[u8],
        now_ms: u64,
        mut emit: impl FnMut(&'static str, &str),
    ) -> Result<(), SignError> {
        if now_ms == UNKNOWN_TIME_MS {
            return Err(SignError::UnknownTime);
        }
        let key = self.keys().ok_or(SignError::NoKey(self.scheme))?.primary();
        let mut formatted = [0; FORMATTED_LENGTH];
        let digest = ContentDigest::of(body).format(&mut formatted);
        let headers = [Header::new(CONTENT_DIGEST, digest)];
        let signature = SignatureInput {
            components: &[STATUS, DIGEST, self.request_signature()],
            fields: core::iter::empty::<&[u8]>(),
            created_s: now_ms / 1000,
            nonce: None,
            key_id: self.key_id(key.version()),
            tag: RESPONSE_TAG,
        };
        let response = Response { status, headers: &headers, request: Some(&self.request) };
        let mut buffer = [0; MAX_INPUT_BYTES];
        signature.sign(key.mac(), &Message::Response(&response), &mut buffer, |input, mac| {
            emit(CONTENT_DIGEST, digest);
            emit(SIGNATURE_INPUT, input);
            emit(SIGNATURE, mac);
        })
    }

    /// Verifies the signature, the status and the body of a response, and that the response belongs to this
    /// request.
    ///
    /// # Errors
    /// [`Rejection`], with the same reasons as for requests.
    pub fn verify(
        &self,
        status: u16,
        headers: &[Header<'_>],
        body: &[u8],
    ) -> Result<VerifiedResponse, Rejection> {
        self.check(status, headers, body).map_err(|Fault { reason, field }| Rejection {
            reason,
            scheme: Scheme::Message,
            field,
            sender: Text::printable(self.service.as_bytes()),
            key_version: None,
            age_ms: None,
            mode: Mode::Enforce,
            mac_was_valid: false,
        })
    }

    fn check(&self, status: u16, headers: &[Header<'_>], body: &[u8]) -> Result<VerifiedResponse, Fault> {
        let mut covered = CoveredComponents::none();
        let ReceivedSignature { parameters, mac } =
            ReceivedSignature::find(headers, RESPONSE_TAG, |key| self.is_signer(&key), &mut covered)?;
        require(&covered, Part::Status, "@status")?;
        require(&covered, read::DIGEST, CONTENT_DIGEST)?;
        if !covered.covers(&self.request_signature().component) {
            return Err(Fault { reason: Reason::MissingCoverage, field: Some(SIGNATURE) });
        }
        let version = parameters.key.version;
        let key =
            self.keys().ok_or(Reason::UnknownClient)?.version(version).ok_or(Reason::UnknownKeyVersion)?;
        let response = Response { status, headers, request: Some(&self.request) };
        let mut stream = HmacSha256Stream::<1>::idle();
        stream.begin([key.mac()]);
        write_base(&mut stream, &covered, &Message::Response(&response)).map_err(fault)?;
        stream.find(&mac).ok_or(Reason::SignatureMismatch)?;
        if !digest(headers)?.matches(&ContentDigest::of(body)) {
            return Err(Reason::BodyDigestMismatch.into());
        }
        Ok(VerifiedResponse { server_time_s: parameters.created.second(), key_version: version })
    }

    /// Returns the component for the signature header of the request. Covering this component binds the
    /// response to its request.
    fn request_signature(&self) -> Covered<'static> {
        let (identifier, part) = match self.scheme {
            Scheme::Message => {
                ("\"signature\";req;key=\"sealwire\"", Part::Field("signature", Form::Member(LABEL)))
            }
            Scheme::Pairwise => {
                ("\"x-service-signature\";req", Part::Field("x-service-signature", Form::Joined))
            }
            Scheme::Client => ("\"x-signature\";req", Part::Field("x-signature", Form::Joined)),
        };
        Covered { identifier: identifier.as_bytes(), component: Component { part, of_request: true } }
    }

    fn keys(&self) -> Option<KeySet<'_, HmacSha256>> {
        let paired = self.is_paired();
        self.keys.find(if paired {
            KeyName::Pair(self.caller, self.service)
        } else {
            KeyName::Client(self.caller)
        })
    }

    /// Returns `true` if the response is signed with the pair key. If the pair has no key, the client key of
    /// the caller is used, as it is for requests.
    fn is_paired(&self) -> bool {
        self.scheme != Scheme::Client
            && !self.service.is_empty()
            && self.keys.find(KeyName::Pair(self.caller, self.service)).is_some()
    }

    fn key_id(&self, version: u32) -> KeyId<'_> {
        if self.is_paired() {
            KeyId { sender: self.service, receiver: Some(self.caller), version }
        } else {
            KeyId { sender: self.caller, receiver: None, version }
        }
    }

    fn is_signer(&self, key: &KeyId<'_>) -> bool {
        let expected = self.key_id(key.version);
        canonical_name(key.sender) == canonical_name(expected.sender)
            && key.receiver.map(canonical_name) == expected.receiver.map(canonical_name)
    }
}
