//! The parameters of a signature (RFC 9421 section 2.3).

use super::components::Names;
use super::names::{ALGORITHM, KeyId, SIGNATURE_INPUT};
use crate::grammar;
use crate::rejected::Fault;
use crate::structured_fields::BareItem;
use crate::text::ascii;
use crate::window::Timestamp;

const MALFORMED_INPUT: Fault = Fault::malformed(SIGNATURE_INPUT);

/// A signature's parameters, checked.
#[derive(Clone, Copy, Debug)]
pub(super) struct SignatureParameters<'a> {
    pub(super) key: KeyId<'a>,
    pub(super) created: Timestamp,
    pub(super) expires: Option<Timestamp>,
    pub(super) nonce: Option<&'a str>,
}

/// The parameters as sent (RFC 9421 section 2.3); given twice, the last, which is not accepted.
#[derive(Default)]
pub(super) struct Sent<'a> {
    names: Names<'a>,
    /// Whether one stands twice, or there are more than [`MAX_PARAMETERS`](super::components::MAX_PARAMETERS).
    pub(super) repeated: bool,
    pub(super) tag: Option<&'a [u8]>,
    // Of each that was sent, the value if it is of the right type.
    key_id: Option<Option<&'a [u8]>>,
    created: Option<Option<i64>>,
    expires: Option<Option<i64>>,
    nonce: Option<Option<&'a [u8]>>,
    algorithm: Option<Option<&'a [u8]>>,
}

impl<'a> Sent<'a> {
    #[inline]
    pub(super) fn add(&mut self, name: &'a [u8], value: BareItem<'a>) {
        self.repeated |= self.names.add(name).is_err();
        match name {
            b"tag" => self.tag = value.as_plain_bytes(),
            b"keyid" => self.key_id = Some(value.as_plain_bytes()),
            b"created" => self.created = Some(value.as_integer()),
            b"expires" => self.expires = Some(value.as_integer()),
            b"nonce" => self.nonce = Some(value.as_plain_bytes()),
            b"alg" => self.algorithm = Some(value.as_plain_bytes()),
            _ => {}
        }
    }

    pub(super) fn check(&self) -> Result<SignatureParameters<'a>, Fault> {
        let key_id = self.key_id.flatten().and_then(text).ok_or(MALFORMED_INPUT)?;
        let key = KeyId::parse(key_id).map_err(|reason| Fault { reason, field: Some(SIGNATURE_INPUT) })?;
        if self.algorithm.is_some_and(|algorithm| algorithm != Some(ALGORITHM.as_bytes())) {
            return Err(MALFORMED_INPUT);
        }
        let created = self.created.ok_or(MALFORMED_INPUT).and_then(seconds)?;
        let expires = self.expires.map(seconds).transpose()?;
        Ok(SignatureParameters { key, created, expires, nonce: self.nonce.map(nonce).transpose()? })
    }
}

fn seconds(value: Option<i64>) -> Result<Timestamp, Fault> {
    let seconds = value.and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(Timestamp::seconds).ok_or(MALFORMED_INPUT)
}

fn nonce(value: Option<&[u8]>) -> Result<&str, Fault> {
    value.filter(|nonce| grammar::is_user_id(nonce)).and_then(text).ok_or(MALFORMED_INPUT)
}

/// Strings are ASCII, so this never fails.
fn text(string: &[u8]) -> Option<&str> {
    ascii(string)
}
