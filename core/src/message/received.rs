//! Finding the signature meant for this reader among those a message carries (RFC 9421 section 4).

use super::components::MAX_MEMBER_BYTES;
use super::field::lines;
use super::names::{ALGORITHM, KeyId, SIGNATURE, SIGNATURE_INPUT};
use crate::mac::Mac;
use crate::rejected::Fault;
use crate::structured_fields::{Dictionary, InnerList, Lines, Member, Parameters};
use crate::window::Timestamp;
use crate::{Header, Rejection, grammar};

const MALFORMED_INPUT: Fault = Fault::malformed(SIGNATURE_INPUT);
const MALFORMED_SIGNATURE: Fault = Fault::malformed(SIGNATURE);

/// A signature as received: what it says it covers, and the MAC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received<'a> {
    pub(super) list: InnerList<'a>,
    pub(super) mac: Mac,
}

impl<'a> Received<'a> {
    /// The one signature with this tag whose key id is for this reader. Two of them would leave it open which is meant.
    pub(super) fn find(
        headers: &'a [Header<'a>],
        tag: &str,
        is_for_us: impl Fn(KeyId<'_>) -> bool,
    ) -> Result<Self, Fault> {
        let inputs = dictionary(headers, SIGNATURE_INPUT)?;
        // RFC 9421 section 4.1: every member is an inner list, those of other signers too.
        if inputs.sent().any(|(_, member)| matches!(member, Member::Item(_))) {
            return Err(MALFORMED_INPUT);
        }
        let mut tagged = inputs.sent().filter_map(|(label, member)| match member {
            Member::InnerList(list) if text(&list.parameters, "tag") == Some(tag) => Some((label, list)),
            _ => None,
        });
        let first = tagged.next().ok_or(missing(SIGNATURE_INPUT))?;
        // A key id that cannot be read is nobody else's: it is reported, not passed over.
        let mut ours = core::iter::once(first).chain(tagged).filter(|(_, list)| {
            let key = text(&list.parameters, "keyid").and_then(|key| KeyId::parse(key).ok());
            key.is_none_or(&is_for_us)
        });
        let (label, list) = ours.next().ok_or(Rejection::UnknownClient)?;
        if ours.next().is_some() || inputs.count(label) > 1 {
            return Err(MALFORMED_INPUT);
        }
        Ok(Self { list, mac: signature(headers, label)? })
    }
}

fn signature(headers: &[Header<'_>], label: &str) -> Result<Mac, Fault> {
    let signatures = dictionary(headers, SIGNATURE)?;
    let mut labelled = signatures.sent().filter(|(key, _)| *key == label).map(|(_, member)| member);
    match (labelled.next(), labelled.next()) {
        (Some(member), None) => mac(&member).ok_or(MALFORMED_SIGNATURE),
        (None, _) => Err(missing(SIGNATURE)),
        (Some(_), Some(_)) => Err(MALFORMED_SIGNATURE),
    }
}

fn mac(member: &Member<'_>) -> Option<Mac> {
    let Member::Item(item) = member else { return None };
    let mut mac = [0; 32];
    let decoded = item.value.as_byte_sequence()?.decode(&mut mac)?.len();
    (decoded == mac.len()).then_some(Mac::from_bytes(mac))
}

fn dictionary<'a>(
    headers: &'a [Header<'a>],
    name: &'static str,
) -> Result<Dictionary<impl Lines<'a> + use<'a>>, Fault> {
    if !headers.iter().any(|header| header.is(name)) {
        return Err(missing(name));
    }
    let length = lines(headers, name).map(<[u8]>::len).fold(0, usize::saturating_add);
    if length > MAX_MEMBER_BYTES {
        return Err(Fault::malformed(name));
    }
    Dictionary::parse(lines(headers, name)).map_err(|_| Fault::malformed(name))
}

const fn missing(name: &'static str) -> Fault {
    Fault { reason: Rejection::MissingHeaders, field: Some(name) }
}

/// A signature's parameters (RFC 9421 section 2.3).
pub(super) struct SignatureParameters<'a> {
    pub(super) key: KeyId<'a>,
    pub(super) created: Timestamp,
    pub(super) expires: Option<Timestamp>,
    pub(super) nonce: Option<&'a str>,
}

impl<'a> SignatureParameters<'a> {
    pub(super) fn read(parameters: &Parameters<'a>) -> Result<Self, Fault> {
        let key = KeyId::parse(text(parameters, "keyid").ok_or(MALFORMED_INPUT)?)
            .map_err(|reason| Fault { reason, field: Some(SIGNATURE_INPUT) })?;
        let created = seconds(parameters, "created")?.ok_or(MALFORMED_INPUT)?;
        let nonce = text(parameters, "nonce").filter(|nonce| grammar::is_user_id(nonce.as_bytes()));
        let other_algorithm = parameters.get("alg").is_some() && text(parameters, "alg") != Some(ALGORITHM);
        let unreadable_nonce = parameters.get("nonce").is_some() && nonce.is_none();
        if other_algorithm || unreadable_nonce {
            return Err(MALFORMED_INPUT);
        }
        Ok(Self { key, created, expires: seconds(parameters, "expires")?, nonce })
    }
}

fn seconds(parameters: &Parameters<'_>, name: &str) -> Result<Option<Timestamp>, Fault> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    let seconds = value.as_integer().and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(|seconds| Some(Timestamp::seconds(seconds))).ok_or(MALFORMED_INPUT)
}

fn text<'a>(parameters: &Parameters<'a>, name: &str) -> Option<&'a str> {
    parameters.get(name).and_then(|value| value.as_plain_string())
}
