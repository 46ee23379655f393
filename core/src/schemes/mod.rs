//! The wire formats of signed requests. Each scheme converts a request to [`Claims`] and a signing input.
//! This module selects the scheme, and combines the claims and the signing input into [`Credentials`].

mod claims;
pub mod client;
pub mod message;
pub mod pairwise;
pub(crate) mod pairwise_call;
pub(crate) mod signing;
mod user_id;

use crate::bytes::sink::Sink;
use crate::http_signature::content_digest::ContentDigest;
use crate::http_signature::covered::CoveredComponents;
use crate::policy::Policy;
use crate::wire::grammar;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::{MAX_HEADERS, Request};
use crate::wire::scheme::Scheme;
use claims::Claims;

/// The claims and the signing input of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credentials<'a, 'r> {
    pub(crate) scheme: Scheme,
    pub(crate) claims: Claims<'a>,
    pub(crate) input: Input<'r>,
}

/// The signing input of a scheme.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Input<'a> {
    Client(client::SigningInput<'a>),
    Pairwise(pairwise_call::SigningInput<'a>),
    Message(message::read::Signed<'a>),
}

impl Input<'_> {
    /// Writes the part of the signing input that precedes the body.
    #[inline]
    pub(crate) fn write(&self, request: &Request<'_>, sink: &mut impl Sink) -> Result<(), Fault> {
        match self {
            Self::Client(base) => base.write(sink),
            Self::Pairwise(base) => base.write(sink),
            Self::Message(signed) => signed.write(request, sink)?,
        }
        Ok(())
    }

    pub(crate) fn body(&self) -> BodyRule {
        match self {
            Self::Client(_) => BodyRule::Unsigned,
            Self::Pairwise(_) => BodyRule::InMac,
            Self::Message(signed) => signed.digest().map_or(BodyRule::Empty, BodyRule::Digest),
        }
    }
}

/// How a signature protects the body of a request.
#[derive(Clone, Copy, Debug)]
pub enum BodyRule {
    /// The body is not signed (`client`).
    Unsigned,
    /// The MAC covers the body, which is at the end of the signing input (`pairwise`).
    InMac,
    /// The body must match this signed SHA-256 digest (`message`).
    Digest(ContentDigest),
    /// The body must be empty, because no digest is signed (`message`).
    Empty,
}

impl BodyRule {
    /// Checks a complete body. For [`BodyRule::InMac`], this method does nothing, because the MAC covers the
    /// body.
    ///
    /// # Errors
    /// The reason for the rejection.
    #[inline]
    pub fn check(&self, body: &[u8]) -> Result<(), Reason> {
        match self {
            Self::Unsigned | Self::InMac => Ok(()),
            Self::Empty if body.is_empty() => Ok(()),
            Self::Empty => Err(Reason::MissingCoverage),
            Self::Digest(expected) if ContentDigest::of(body).matches(expected) => Ok(()),
            Self::Digest(_) => Err(Reason::BodyDigestMismatch),
        }
    }
}

/// Returns the first accepted scheme whose headers are in the request. If the request contains no such
/// headers, returns the first accepted scheme, which then reports the missing headers.
pub(crate) fn chosen(policy: &Policy, request: &Request<'_>) -> Scheme {
    let present = |scheme: &Scheme| match scheme {
        Scheme::Message => message::read::is_present(request),
        Scheme::Pairwise => pairwise::is_present(request),
        Scheme::Client => client::is_present(request),
    };
    let [first, others @ ..] = policy.schemes;
    let first = first.unwrap_or(Scheme::Message);
    match others {
        [None, None] => first,
        _ if present(&first) => first,
        _ => others.into_iter().flatten().find(present).unwrap_or(first),
    }
}

/// Returns the claims and the signing input of a request in this scheme. The components of a `message`
/// signature are stored in `buffer`. The result is large, so callers should not move it.
#[inline]
pub(crate) fn read<'a: 'r, 'r>(
    scheme: Scheme,
    policy: &'a Policy,
    request: &Request<'a>,
    buffer: &'r mut Option<CoveredComponents<'a>>,
) -> Result<Credentials<'a, 'r>, Fault> {
    if request.headers.len() > MAX_HEADERS {
        return Err(Reason::MalformedHeader.into());
    }
    let read = match scheme {
        Scheme::Message => message::read::read(request, policy, buffer)
            .map(|(claims, input)| (claims, Input::Message(input))),
        Scheme::Pairwise => {
            pairwise::read(request, policy).map(|(claims, input)| (claims, Input::Pairwise(input)))
        }
        Scheme::Client => client::read(request).map(|(claims, input)| (claims, Input::Client(input))),
    };
    let is_missing = |fault: &Fault| fault.reason == Reason::MissingHeaders;
    // Missing headers are reported before an invalid target.
    if !read.as_ref().is_err_and(is_missing) {
        check_line(request)?;
    }
    read.map(|(claims, input)| Credentials { scheme, claims, input })
}

fn check_line(request: &Request<'_>) -> Result<(), Fault> {
    if !grammar::is_method(request.method) {
        return Err(Fault::malformed("@method"));
    }
    if grammar::is_target(request.target) { Ok(()) } else { Err(Fault::malformed("@path")) }
}
