//! Finding the signature meant for this reader among those a message carries (RFC 9421 section 4).

use super::components::{MAX_MEMBER_BYTES, Names};
use super::field::lines;
use super::names::{ALGORITHM, KeyId, SIGNATURE, SIGNATURE_INPUT};
use crate::mac::Mac;
use crate::rejected::Fault;
use crate::structured_fields::{BareItem, Dictionary, InnerList, Member, Parameters};
use crate::window::Timestamp;
use crate::{Header, Rejection, grammar};

const MALFORMED_INPUT: Fault = Fault::malformed(SIGNATURE_INPUT);

/// A signature as received: what it says it covers, and the MAC.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received<'a> {
    pub(super) list: InnerList<'a>,
    pub(super) parameters: SignatureParameters<'a>,
    pub(super) mac: Mac,
}

impl<'a> Received<'a> {
    /// The one signature with this tag whose key id is for this reader. Two of them would leave it open which is meant.
    pub(super) fn find(
        headers: &'a [Header<'a>],
        tag: &str,
        is_for_us: impl Fn(KeyId<'_>) -> bool,
    ) -> Result<Self, Fault> {
        let input = Input::find(headers, tag, is_for_us)?;
        let mut held: [Option<Member<'a>>; 2] = [None; 2];
        visit(headers, SIGNATURE, |label, member| {
            if label == input.label {
                held = [Some(member), held[0]];
            }
        })?;
        match held {
            [Some(member), None] => {
                let mac = mac(&member).ok_or(Fault::malformed(SIGNATURE))?;
                Ok(Self { list: input.list, parameters: input.parameters?, mac })
            }
            [None, _] => Err(missing(SIGNATURE)),
            [Some(_), Some(_)] => Err(Fault::malformed(SIGNATURE)),
        }
    }
}

/// A member of `Signature-Input`.
#[derive(Clone, Copy)]
struct Input<'a> {
    label: &'a str,
    list: InnerList<'a>,
    parameters: Result<SignatureParameters<'a>, Fault>,
}

impl<'a> Input<'a> {
    fn find(
        headers: &'a [Header<'a>],
        tag: &str,
        is_for_us: impl Fn(KeyId<'_>) -> bool,
    ) -> Result<Self, Fault> {
        let (mut ours, mut tagged, mut members, mut well_formed) = (None, false, 0_usize, true);
        visit(headers, SIGNATURE_INPUT, |label, member| {
            members += 1;
            // RFC 9421 section 4.1: every member is an inner list, those of other signers too.
            let Member::InnerList(list) = member else { return well_formed = false };
            let sent = Sent::read(&list.parameters);
            if sent.tag != Some(tag.as_bytes()) {
                return;
            }
            tagged = true;
            let parameters = sent.check();
            // A key id that cannot be read is nobody else's: it is reported, not passed over.
            if parameters.is_ok_and(|parameters| !is_for_us(parameters.key)) {
                return;
            }
            well_formed &= ours.is_none() && sent.distinct;
            ours = Some(Self { label, list, parameters });
        })?;
        match ours {
            Some(ours) if well_formed && (members == 1 || ours.is_labelled_once(headers)) => Ok(ours),
            None if well_formed && tagged => Err(Rejection::UnknownClient.into()),
            None if well_formed => Err(missing(SIGNATURE_INPUT)),
            _ => Err(MALFORMED_INPUT),
        }
    }

    fn is_labelled_once(&self, headers: &'a [Header<'a>]) -> bool {
        let mut times = 0_usize;
        let visited = visit(headers, SIGNATURE_INPUT, |label, _| times += usize::from(label == self.label));
        visited.is_ok() && times == 1
    }
}

fn mac(member: &Member<'_>) -> Option<Mac> {
    let Member::Item(item) = member else { return None };
    let mut mac = [0; 32];
    let decoded = item.value.as_byte_sequence()?.decode(&mut mac)?.len();
    (decoded == mac.len()).then_some(Mac::from_bytes(mac))
}

/// Shows each member of a dictionary that must be there, bounded in length.
fn visit<'a>(
    headers: &'a [Header<'a>],
    name: &'static str,
    member: impl FnMut(&'a str, Member<'a>),
) -> Result<(), Fault> {
    let length = lines(headers, name).map(<[u8]>::len).reduce(usize::saturating_add).ok_or(missing(name))?;
    if length > MAX_MEMBER_BYTES {
        return Err(Fault::malformed(name));
    }
    Dictionary::visit(lines(headers, name), member).map_err(|_| Fault::malformed(name))
}

const fn missing(name: &'static str) -> Fault {
    Fault { reason: Rejection::MissingHeaders, field: Some(name) }
}

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
struct Sent<'a> {
    /// Whether each stands once, and there are no more than [`MAX_PARAMETERS`](super::components::MAX_PARAMETERS).
    distinct: bool,
    tag: Option<&'a [u8]>,
    key_id: Option<BareItem<'a>>,
    created: Option<BareItem<'a>>,
    expires: Option<BareItem<'a>>,
    nonce: Option<BareItem<'a>>,
    algorithm: Option<BareItem<'a>>,
}

impl<'a> Sent<'a> {
    fn read(parameters: &Parameters<'a>) -> Self {
        let mut sent = Self { distinct: true, ..Self::default() };
        let mut names = Names::default();
        for (name, value) in parameters.sent_bytes() {
            sent.distinct &= names.add(name).is_ok();
            match name {
                b"tag" => sent.tag = value.as_plain_bytes(),
                b"keyid" => sent.key_id = Some(value),
                b"created" => sent.created = Some(value),
                b"expires" => sent.expires = Some(value),
                b"nonce" => sent.nonce = Some(value),
                b"alg" => sent.algorithm = Some(value),
                _ => {}
            }
        }
        sent
    }

    fn check(&self) -> Result<SignatureParameters<'a>, Fault> {
        let key_id = self.key_id.and_then(|value| value.as_plain_string()).ok_or(MALFORMED_INPUT)?;
        let key = KeyId::parse(key_id).map_err(|reason| Fault { reason, field: Some(SIGNATURE_INPUT) })?;
        if self.algorithm.is_some_and(|algorithm| algorithm.as_plain_bytes() != Some(ALGORITHM.as_bytes())) {
            return Err(MALFORMED_INPUT);
        }
        let created = self.created.ok_or(MALFORMED_INPUT).and_then(seconds)?;
        let expires = self.expires.map(seconds).transpose()?;
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
