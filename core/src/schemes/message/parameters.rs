//! The parameters of a signature (RFC 9421 section 2.3).

use super::names::{ALGORITHM, KeyId, REQUEST_TAG, SIGNATURE_INPUT};
use crate::bytes::text::ascii;
use crate::http_signature::covered::{MAX_PARAMETERS, Names};
use crate::policy::window::Timestamp;
use crate::structured_fields::bare_item::BareItem;
use crate::wire::grammar;
use crate::wire::reason::Fault;

const MALFORMED_INPUT: Fault = Fault::malformed(SIGNATURE_INPUT);

/// The validated parameters of a signature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SignatureParameters<'a> {
    pub(crate) key: KeyId<'a>,
    pub(crate) created: Timestamp,
    pub(crate) expires: Option<Timestamp>,
    pub(crate) nonce: Option<&'a str>,
}

/// The parameters as sent (RFC 9421 section 2.3). If a parameter is repeated, its last value is stored and the signature is rejected.
#[derive(Default)]
pub(crate) struct RawParameters<'a> {
    // The outer `Option` is `None` for absent parameters, the inner for values of the wrong type.
    tag: Option<Option<&'a [u8]>>,
    key_id: Option<Option<&'a [u8]>>,
    created: Option<Option<i64>>,
    expires: Option<Option<i64>>,
    nonce: Option<Option<&'a [u8]>>,
    algorithm: Option<Option<&'a [u8]>>,
    /// The names of all other parameters.
    others: Names<'a>,
    /// The number of all parameters.
    given: usize,
    /// Whether a parameter is repeated or the number exceeds [`MAX_PARAMETERS`].
    repeated: bool,
}

impl<'a> RawParameters<'a> {
    #[inline]
    pub(crate) fn add(&mut self, name: &'a [u8], value: BareItem<'a>) {
        let repeats = match name {
            b"tag" => self.tag.replace(value.as_plain_bytes()).is_some(),
            b"keyid" => self.key_id.replace(value.as_plain_bytes()).is_some(),
            b"created" => self.created.replace(value.as_integer()).is_some(),
            b"expires" => self.expires.replace(value.as_integer()).is_some(),
            b"nonce" => self.nonce.replace(value.as_plain_bytes()).is_some(),
            b"alg" => self.algorithm.replace(value.as_plain_bytes()).is_some(),
            _ => self.repeated || self.others.add(name).is_err(),
        };
        self.count(1, repeats);
    }

    /// Adds [`default_components::PARAMETERS`](crate::http_signature::default_components::PARAMETERS).
    #[inline]
    pub(crate) fn add_defaults(&mut self) {
        let algorithm = self.algorithm.replace(Some(ALGORITHM.as_bytes()));
        let tag = self.tag.replace(Some(REQUEST_TAG.as_bytes()));
        self.count(2, algorithm.is_some() | tag.is_some());
    }

    fn count(&mut self, given: usize, repeats: bool) {
        self.given += given;
        self.repeated |= repeats | (self.given > MAX_PARAMETERS);
    }

    /// Removes all parameters, to read the next member.
    pub(crate) fn clear(&mut self) {
        (self.tag, self.key_id, self.created) = (None, None, None);
        (self.expires, self.nonce, self.algorithm) = (None, None, None);
        self.others.clear();
        (self.given, self.repeated) = (0, false);
    }

    pub(crate) fn has_tag(&self, tag: &[u8]) -> bool {
        self.tag == Some(Some(tag))
    }

    /// Returns `true` if no parameter is repeated and the number is within the limit.
    pub(crate) fn is_distinct(&self) -> bool {
        !self.repeated
    }

    pub(crate) fn check(&self) -> Result<SignatureParameters<'a>, Fault> {
        let key_id = self.key_id.flatten().and_then(text).ok_or(MALFORMED_INPUT)?;
        let key = KeyId::parse(key_id).map_err(|reason| Fault { reason, field: Some(SIGNATURE_INPUT) })?;
        if self.algorithm.is_some_and(|algorithm| algorithm != Some(ALGORITHM.as_bytes())) {
            return Err(MALFORMED_INPUT);
        }
        let created = self.created.ok_or(MALFORMED_INPUT).and_then(seconds)?;
        let expires = self.expires.map(seconds).transpose()?;
        if expires.is_some_and(|expires| expires.second() < created.second()) {
            return Err(MALFORMED_INPUT);
        }
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

/// Converts a string to text. Structured strings are ASCII, so this never fails.
fn text(string: &[u8]) -> Option<&str> {
    ascii(string)
}
