//! The parameters of a signature (RFC 9421 section 2.3).

use super::names::{ALGORITHM, KeyId, SIGNATURE_INPUT};
use crate::http_signature::covered::check_parameters;
use crate::policy::window::Timestamp;
use crate::structured_fields::bare_item::BareItem;
use crate::structured_fields::inner_list::InnerList;
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

/// The parameters as sent. If a parameter is repeated, the last value is stored.
#[derive(Default)]
pub(crate) struct RawParameters<'a> {
    tag: Option<BareItem<'a>>,
    key_id: Option<BareItem<'a>>,
    created: Option<BareItem<'a>>,
    expires: Option<BareItem<'a>>,
    nonce: Option<BareItem<'a>>,
    algorithm: Option<BareItem<'a>>,
    /// Whether the list contains other parameters or a repeated parameter.
    is_unusual: bool,
}

impl<'a> RawParameters<'a> {
    #[inline]
    pub(crate) fn add(&mut self, name: &[u8], value: BareItem<'a>) {
        let slot = match name {
            b"tag" => &mut self.tag,
            b"keyid" => &mut self.key_id,
            b"created" => &mut self.created,
            b"expires" => &mut self.expires,
            b"nonce" => &mut self.nonce,
            b"alg" => &mut self.algorithm,
            _ => {
                self.is_unusual = true;
                return;
            }
        };
        self.is_unusual |= slot.replace(value).is_some();
    }

    /// Returns `true` if no parameter in the list is repeated and the number of parameters does not exceed
    /// the limit.
    pub(crate) fn are_distinct(&self, list: &InnerList<'a>) -> bool {
        !self.is_unusual || check_parameters(list).is_ok()
    }

    pub(crate) fn has_tag(&self, tag: &[u8]) -> bool {
        self.tag.is_some_and(|sent| sent.as_plain_bytes() == Some(tag))
    }

    pub(crate) fn check(&self) -> Result<SignatureParameters<'a>, Fault> {
        let key_id = self.key_id.and_then(|id| id.as_plain_string()).ok_or(MALFORMED_INPUT)?;
        let key = KeyId::parse(key_id).map_err(|reason| Fault { reason, field: Some(SIGNATURE_INPUT) })?;
        if self.algorithm.is_some_and(|sent| sent.as_plain_bytes() != Some(ALGORITHM.as_bytes())) {
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

fn seconds(value: BareItem<'_>) -> Result<Timestamp, Fault> {
    let seconds = value.as_integer().and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(Timestamp::seconds).ok_or(MALFORMED_INPUT)
}

fn nonce(value: BareItem<'_>) -> Result<&str, Fault> {
    value.as_plain_string().filter(|nonce| grammar::is_user_id(nonce.as_bytes())).ok_or(MALFORMED_INPUT)
}
