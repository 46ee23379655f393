//! The parser for `message` signatures in requests.

use super::names::{CONTENT_DIGEST, KeyId, REQUEST_TAG, SIGNATURE, SIGNATURE_INPUT};
use super::received::ReceivedSignature;
use crate::bytes::sink::Sink;
use crate::http_signature::base::{Message, write_base};
use crate::http_signature::component::{Component, Form, Part};
use crate::http_signature::content_digest::ContentDigest;
use crate::http_signature::covered::CoveredComponents;
use crate::http_signature::field::lines;
use crate::http_signature::problem::{ComponentError, Problem};
use crate::policy::Policy;
use crate::schemes::claims::{Claims, Signature};
use crate::schemes::user_id::{USER_ID, user_id};
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::{Header, Request};

pub(crate) const DIGEST: Part<'static> = Part::Field("content-digest", Form::Joined);

/// The signed components of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'r> {
    covered: &'r CoveredComponents<'r>,
    digest: Option<ContentDigest>,
}

impl Signed<'_> {
    pub(crate) fn write(&self, request: &Request<'_>, sink: &mut impl Sink) -> Result<(), Fault> {
        write_base(sink, self.covered, &Message::Request(request)).map_err(fault)
    }

    pub(crate) fn digest(&self) -> Option<ContentDigest> {
        self.digest
    }
}

pub(crate) fn is_present(request: &Request<'_>) -> bool {
    request.has(SIGNATURE_INPUT) || request.has(SIGNATURE)
}

/// Parses the signature of a request and stores its covered components in `buffer`.
#[inline(always)] // avoids moving the large result
pub(crate) fn read<'a, 'r>(
    request: &Request<'a>,
    policy: &'a Policy,
    buffer: &'r mut Option<CoveredComponents<'a>>,
) -> Result<(Claims<'a>, Signed<'r>), Fault> {
    let is_for_us = |key: KeyId<'_>| key.is_for(policy.service.as_str());
    let covered = buffer.insert(CoveredComponents::none());
    let ReceivedSignature { parameters, mac } =
        ReceivedSignature::find(request.headers, REQUEST_TAG, is_for_us, covered)?;
    let has_user = request.has(USER_ID);
    check_coverage(request, policy, covered, has_user)?;
    let nonce = parameters.nonce.ok_or(Fault::malformed(SIGNATURE_INPUT))?;
    let digest = covers(covered, DIGEST).then(|| digest(request.headers)).transpose()?;
    let claims = Claims {
        name_as_sent: parameters.key.sender,
        key: parameters.key.key_name(),
        key_version: Some(parameters.key.version),
        created: Ok(parameters.created),
        expires: parameters.expires,
        nonce: Some(nonce),
        looks_before_mac: false,
        signature: Signature::Read(mac),
        user_id: if has_user { user_id(request)? } else { None },
    };
    Ok((claims, Signed { covered, digest }))
}

/// Rejects a signature that does not cover all components that the policy requires. A proxy or an attacker
/// could have changed a component that is not covered.
fn check_coverage(
    request: &Request<'_>,
    policy: &Policy,
    covered: &CoveredComponents<'_>,
    has_user: bool,
) -> Result<(), Fault> {
    require(covered, Part::Method, "@method")?;
    // `@target-uri` includes the authority, path and query.
    let has_uri = covers(covered, Part::TargetUri);
    if !has_uri {
        require(covered, Part::Path, "@path")?;
        require(covered, Part::Query, "@query")?;
    }
    if policy.require_authority && !has_uri {
        require(covered, Part::Authority, "@authority")?;
    }
    if has_user {
        require(covered, Part::Field("x-user-id", Form::Joined), USER_ID)?;
    }
    for name in request.overrides() {
        let is_covered = covered.covers_field(name);
        if !is_covered {
            return Err(Fault { reason: Reason::MissingCoverage, field: Some(name) });
        }
    }
    for field in policy.require_fields.iter().filter(|field| request.has(field.as_str())) {
        require(covered, Part::Field(field.as_str(), Form::Joined), SIGNATURE_INPUT)?;
    }
    Ok(())
}

pub(crate) fn require(
    covered: &CoveredComponents<'_>,
    part: Part<'_>,
    field: &'static str,
) -> Result<(), Fault> {
    if covers(covered, part) {
        Ok(())
    } else {
        Err(Fault { reason: Reason::MissingCoverage, field: Some(field) })
    }
}

fn covers(covered: &CoveredComponents<'_>, part: Part<'_>) -> bool {
    covered.covers(&Component { part, of_request: false })
}

pub(crate) fn digest(headers: &[Header<'_>]) -> Result<ContentDigest, Fault> {
    let parsed = ContentDigest::parse(lines(headers, CONTENT_DIGEST));
    parsed.ok().flatten().ok_or(Fault::malformed(CONTENT_DIGEST))
}

pub(crate) fn fault(error: ComponentError) -> Fault {
    let reason =
        if error.problem == Problem::Absent { Reason::MissingHeaders } else { Reason::MalformedHeader };
    Fault { reason, field: Some(SIGNATURE_INPUT) }
}

pub(crate) fn public_text(reason: Reason) -> &'static str {
    match reason {
        Reason::MissingHeaders => "Request signature required",
        _ => "Request signature not accepted",
    }
}
