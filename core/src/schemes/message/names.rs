//! Header names and constants for the `message` scheme.

use crate::bytes::sink::Sink;
use crate::keys::source::KeyName;
use crate::structured_fields::write::put_digits;
use crate::wire::grammar::{self, canonical_name};
use crate::wire::reason::Reason;

/// The header that contains the covered components and the signature parameters.
pub const SIGNATURE_INPUT: &str = "Signature-Input";
/// The header that contains the signatures.
pub const SIGNATURE: &str = "Signature";
/// The header that contains the digest of the body (RFC 9530).
pub const CONTENT_DIGEST: &str = "Content-Digest";

/// The label of the signatures that Sealwire creates, in requests and responses.
pub(crate) const LABEL: &str = "sealwire";
/// The only supported algorithm. Messages with a different `alg` parameter are rejected, because the
/// parameter must match the algorithm of the key (RFC 9421 section 3.3.3).
pub(crate) const ALGORITHM: &str = "hmac-sha256";
/// The tag for request signatures (RFC 9421 section 2.3).
pub(crate) const REQUEST_TAG: &str = "sealwire";
/// The tag for response signatures. Requests and responses have different tags, so a response cannot be used
/// as a request.
pub(crate) const RESPONSE_TAG: &str = "sealwire-answer";

const RECEIVER: char = '/';
const VERSION: char = '#';

/// Returns the name of the key set and the key version in a key id.
#[must_use]
pub fn key_of(key_id: &str) -> Option<(KeyName<'_>, u32)> {
    KeyId::parse(key_id).ok().map(|id| (id.key_name(), id.version))
}

/// A key id. The format is `<sender>/<receiver>#<version>` for a pair key and `<client id>#<version>` for a
/// client key. The key id for a pair distinguishes the sender from the receiver, so an attacker cannot send a
/// request back to its sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyId<'a> {
    pub(crate) sender: &'a str,
    pub(crate) receiver: Option<&'a str>,
    pub(crate) version: u32,
}

impl<'a> KeyId<'a> {
    pub(crate) fn parse(text: &'a str) -> Result<Self, Reason> {
        let (name, version) = text.rsplit_once(VERSION).ok_or(Reason::MissingKeyVersion)?;
        let version = grammar::version(version.as_bytes()).ok_or(Reason::MissingKeyVersion)?;
        let (sender, receiver) = match name.split_once(RECEIVER) {
            Some((sender, receiver)) => (sender, Some(receiver)),
            None => (name, None),
        };
        let valid = match receiver {
            Some(receiver) => [sender, receiver].iter().all(|name| grammar::is_service_name(name.as_bytes())),
            None => grammar::is_client_id(sender.as_bytes()),
        };
        if valid { Ok(Self { sender, receiver, version }) } else { Err(Reason::MalformedHeader) }
    }

    pub(crate) fn key_name(&self) -> KeyName<'a> {
        self.receiver.map_or(KeyName::Client(self.sender), |receiver| KeyName::Pair(self.sender, receiver))
    }

    /// Returns `true` if the receiver is `service` or if the key id contains no receiver.
    pub(crate) fn is_for(&self, service: &str) -> bool {
        self.receiver.is_none_or(|receiver| canonical_name(receiver) == canonical_name(service))
    }

    pub(crate) fn write(&self, sink: &mut impl Sink) {
        sink.put(self.sender.as_bytes());
        if let Some(receiver) = self.receiver {
            sink.put(&[RECEIVER as u8]);
            sink.put(receiver.as_bytes());
        }
        sink.put(&[VERSION as u8]);
        put_digits(sink, u64::from(self.version), 1);
    }
}
