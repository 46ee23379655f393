//! Reading a request's `message` signature.

use super::base::{Message, write_base};
use super::components::{Component, CoveredComponents, MAX_MEMBER_BYTES};
use super::digest::ContentDigest;
use super::field::lines;
use super::names::{ALGORITHM, CONTENT_DIGEST, KeyId, REQUEST_TAG, SIGNATURE, SIGNATURE_INPUT};
use super::problem::{ComponentError, Problem};
use crate::mac::Mac;
use crate::pairwise::USER_ID;
use crate::pipeline::{BodyRule, Credentials, Input};
use crate::policy::Policy;
use crate::rejected::Fault;
use crate::sink::Sink;
use crate::structured_fields::{Dictionary, InnerList, Lines, Member, Parameters};
use crate::window::Timestamp;
use crate::{Rejection, Request, Scheme, Text, grammar};

/// What is signed: the covered components of this request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'a> {
    list: InnerList<'a>,
    request: Request<'a>,
    digest: Option<ContentDigest>,
}

impl Signed<'_> {
    pub(crate) fn write(&self, sink: &mut impl Sink) -> Result<(), Fault> {
        let covered = CoveredComponents::parse(self.list).map_err(fault)?;
        write_base(sink, &covered, &Message::Request(&self.request)).map_err(fault)
    }

    pub(crate) fn body(&self) -> BodyRule {
        self.digest.map_or(BodyRule::Empty, BodyRule::Digest)
    }
}

pub(crate) fn is_present(request: &Request<'_>) -> bool {
    request.has(SIGNATURE_INPUT) || request.has(SIGNATURE)
}

pub(crate) fn read<'a>(request: &Request<'a>, policy: &'a Policy) -> Result<Credentials<'a>, Fault> {
    let (label, list) = chosen(request, policy)?;
    let mac = signature(request, label)?;
    let covered = CoveredComponents::parse(list).map_err(fault)?;
    check_coverage(request, policy, &covered)?;
    let parameters = Signature::read(&covered.parameters())?;
    let digest = covers(&covered, CONTENT_DIGEST).then(|| digest(request)).transpose()?;
    Ok(Credentials {
        scheme: Scheme::Message,
        sender: parameters.key.sender,
        key: parameters.key.key_name(),
        key_version: Some(parameters.key.version),
        created: Ok(parameters.created),
        expires: parameters.expires,
        nonce: Some(parameters.nonce),
        looks_before_mac: false,
        mac: Ok(mac),
        user_id: user_id(request)?,
        input: Input::Message(Signed { list, request: *request, digest }),
    })
}

/// The signature made for this verifier: the one with Sealwire's tag whose key id does not name another receiver. Two of
/// them would leave it open which one is meant.
fn chosen<'a>(request: &Request<'a>, policy: &Policy) -> Result<(&'a str, InnerList<'a>), Fault> {
    const MALFORMED: Fault = Fault::malformed(SIGNATURE_INPUT);
    let inputs = dictionary(request, SIGNATURE_INPUT)?;
    // RFC 9421 section 4.1: every member is an inner list, those of other signers too.
    if inputs.sent().any(|(_, member)| matches!(member, Member::Item(_))) {
        return Err(MALFORMED);
    }
    let mut ours = inputs.sent().filter_map(|(label, member)| match member {
        Member::InnerList(list) if text(&list.parameters, "tag") == Some(REQUEST_TAG) => Some((label, list)),
        _ => None,
    });
    let addressed = |list: &InnerList<'_>| {
        let key_id = text(&list.parameters, "keyid").and_then(|key_id| KeyId::parse(key_id).ok());
        key_id.is_none_or(|key_id| key_id.is_for(policy.service.as_str()))
    };
    let first =
        ours.next().ok_or(Fault { reason: Rejection::MissingHeaders, field: Some(SIGNATURE_INPUT) })?;
    let mut addressed_to_us = core::iter::once(first).chain(ours).filter(|(_, list)| addressed(list));
    let (label, list) = addressed_to_us.next().ok_or(Rejection::UnknownClient)?;
    if addressed_to_us.next().is_some() || inputs.count(label) > 1 {
        return Err(MALFORMED);
    }
    Ok((label, list))
}

fn signature(request: &Request<'_>, label: &str) -> Result<Mac, Fault> {
    const MALFORMED: Fault = Fault::malformed(SIGNATURE);
    let signatures = dictionary(request, SIGNATURE)?;
    let mut held = signatures.sent().filter(|(key, _)| *key == label).map(|(_, member)| member);
    let member = held.next().ok_or(Fault { reason: Rejection::MissingHeaders, field: Some(SIGNATURE) })?;
    let Member::Item(item) = member else { return Err(MALFORMED) };
    if held.next().is_some() {
        return Err(MALFORMED);
    }
    mac(item.value.as_byte_sequence()).ok_or(MALFORMED)
}

pub(super) fn mac(bytes: Option<crate::structured_fields::ByteSequence<'_>>) -> Option<Mac> {
    let mut mac = [0; 32];
    let decoded = bytes?.decode(&mut mac)?.len();
    (decoded == mac.len()).then_some(Mac::from_bytes(mac))
}

fn dictionary<'a>(
    request: &Request<'a>,
    name: &'static str,
) -> Result<Dictionary<impl Lines<'a> + use<'a>>, Fault> {
    if !request.has(name) {
        return Err(Fault { reason: Rejection::MissingHeaders, field: Some(name) });
    }
    let length = lines(request.headers, name).map(<[u8]>::len).fold(0, usize::saturating_add);
    if length > MAX_MEMBER_BYTES {
        return Err(Fault::malformed(name));
    }
    Dictionary::parse(lines(request.headers, name)).map_err(|_| Fault::malformed(name))
}

/// What the policy requires and the signature leaves out is a rejection: unsigned, anyone on the way could have set it.
fn check_coverage(
    request: &Request<'_>,
    policy: &Policy,
    covered: &CoveredComponents<'_>,
) -> Result<(), Fault> {
    let derived =
        ["@method", "@path", "@query"].into_iter().chain(policy.require_authority.then_some("@authority"));
    for name in derived {
        require(covered, name, name)?;
    }
    if request.has(USER_ID) {
        require(covered, USER_ID, USER_ID)?;
    }
    for field in policy.require_fields.iter().filter(|field| request.has(field.as_str())) {
        require(covered, field.as_str(), SIGNATURE_INPUT)?;
    }
    Ok(())
}

fn require(covered: &CoveredComponents<'_>, name: &str, field: &'static str) -> Result<(), Fault> {
    if covers(covered, name) {
        Ok(())
    } else {
        Err(Fault { reason: Rejection::MissingCoverage, field: Some(field) })
    }
}

fn covers(covered: &CoveredComponents<'_>, name: &str) -> bool {
    let lower = Text::<{ crate::MAX_POLICY_TEXT_BYTES }>::lower_case(name);
    Component::named(lower.as_str()).is_ok_and(|component| covered.covers(&component))
}

fn digest(request: &Request<'_>) -> Result<ContentDigest, Fault> {
    let parsed = ContentDigest::parse(lines(request.headers, CONTENT_DIGEST));
    parsed.ok().flatten().ok_or(Fault::malformed(CONTENT_DIGEST))
}

fn user_id<'a>(request: &Request<'a>) -> Result<Option<&'a str>, Fault> {
    let Some(value) = request.single(USER_ID)? else { return Ok(None) };
    let user = core::str::from_utf8(value).ok().filter(|_| grammar::is_user_id(value));
    user.map(Some).ok_or(Fault::malformed(USER_ID))
}

/// A signature's parameters (RFC 9421 section 2.3).
struct Signature<'a> {
    key: KeyId<'a>,
    created: Timestamp,
    expires: Option<Timestamp>,
    nonce: &'a str,
}

impl<'a> Signature<'a> {
    fn read(parameters: &Parameters<'a>) -> Result<Self, Fault> {
        const MALFORMED: Fault = Fault::malformed(SIGNATURE_INPUT);
        let key = KeyId::parse(text(parameters, "keyid").ok_or(MALFORMED)?)
            .map_err(|reason| Fault { reason, field: Some(SIGNATURE_INPUT) })?;
        let created = seconds(parameters, "created")?.ok_or(MALFORMED)?;
        let nonce = text(parameters, "nonce").filter(|nonce| grammar::is_user_id(nonce.as_bytes()));
        if parameters.get("alg").is_some() && text(parameters, "alg") != Some(ALGORITHM) {
            return Err(MALFORMED);
        }
        Ok(Self { key, created, expires: seconds(parameters, "expires")?, nonce: nonce.ok_or(MALFORMED)? })
    }
}

fn seconds(parameters: &Parameters<'_>, name: &str) -> Result<Option<Timestamp>, Fault> {
    let Some(value) = parameters.get(name) else { return Ok(None) };
    let seconds = value.as_integer().and_then(|seconds| u64::try_from(seconds).ok());
    seconds.map(|seconds| Some(Timestamp::seconds(seconds))).ok_or(Fault::malformed(SIGNATURE_INPUT))
}

pub(super) fn text<'a>(parameters: &Parameters<'a>, name: &str) -> Option<&'a str> {
    parameters.get(name).and_then(|value| value.as_plain_string())
}

fn fault(error: ComponentError) -> Fault {
    let reason =
        if error.problem == Problem::Absent { Rejection::MissingHeaders } else { Rejection::MalformedHeader };
    Fault { reason, field: Some(SIGNATURE_INPUT) }
}

pub(crate) fn public_text(reason: Rejection) -> &'static str {
    match reason {
        Rejection::MissingHeaders => "Request signature required",
        _ => "Request signature not accepted",
    }
}
