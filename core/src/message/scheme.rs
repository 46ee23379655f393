//! The scheme as the pipeline sees it.

use crate::keys::KeySource;
use crate::pipeline::{BodyRule, Credentials};
use crate::policy::Policy;
use crate::rejected::Fault;
use crate::sign::{SignError, Signer, Signing};
use crate::sink::Sink;
use crate::{Rejection, Request};

/// Where signatures say what they cover.
pub const SIGNATURE_INPUT: &str = "Signature-Input";
/// The signatures.
pub const SIGNATURE: &str = "Signature";
/// RFC 9530: the body's digest.
pub const CONTENT_DIGEST: &str = "Content-Digest";

#[derive(Clone, Copy, Debug)]
pub(crate) struct Signed<'a>(&'a [u8]);

impl Signed<'_> {
    pub(crate) fn write(&self, sink: &mut impl Sink) {
        sink.put(self.0);
    }
    pub(crate) fn body(&self) -> BodyRule {
        BodyRule::Empty
    }
}

pub(crate) fn is_present(request: &Request<'_>) -> bool {
    request.has(SIGNATURE_INPUT) || request.has(SIGNATURE)
}

pub(crate) fn read<'a>(request: &Request<'a>, _policy: &'a Policy) -> Result<Credentials<'a>, Fault> {
    request.required(SIGNATURE_INPUT)?;
    Err(Fault::malformed(SIGNATURE_INPUT))
}

pub(crate) fn sign<K: KeySource + ?Sized>(
    _signer: &Signer<'_, K>,
    _request: &Request<'_>,
    _signing: &Signing<'_>,
    _emit: &mut impl FnMut(&'static str, &str),
) -> Result<(), SignError> {
    Err(SignError::Component)
}

pub(crate) fn public_text(reason: Rejection) -> &'static str {
    match reason {
        Rejection::MissingHeaders => "Request signature required",
        _ => "Request signature not accepted",
    }
}
