//! Hypotheses about changes to a request between the sender and the verifier. To test a hypothesis, the
//! assumed change is reverted and the MAC is recomputed. If the MAC is then valid, the hypothesis is proven,
//! because a MAC cannot become valid by chance.

mod bodies;
mod encoding;
mod fields;
mod hosts;
mod json_text;
mod names;
mod paths;
mod queries;
#[cfg(test)]
mod tests;

use sealwire_core::keys::KeyRing;
use sealwire_core::{Scheme, client, message, pairwise};

use super::capture::Captured;
use super::result::Change;

pub(super) use bodies::bodies;
pub(super) use hosts::{likely_names, with_ports};

/// The data used to generate hypotheses.
pub(super) struct Case<'c> {
    pub(super) request: &'c Captured,
    pub(super) scheme: Scheme,
    pub(super) service: &'c str,
    pub(super) ring: &'c KeyRing,
    pub(super) logged_path: Option<&'c str>,
    /// The path prefix that a proxy removes, if the input contains one.
    pub(super) prefix: Option<&'c str>,
    /// The hosts of the service, as given in the input and the settings.
    pub(super) hosts: &'c [String],
    /// The names of the header fields that a `message` signature covers.
    pub(super) covered: &'c [String],
}

/// A hypothesis: an assumed change, and the edit that reverts it.
#[derive(Clone, Debug)]
pub(super) struct Edit {
    pub(super) change: Change,
    what: What,
}

#[derive(Clone, Debug)]
enum What {
    Target(String),
    Path(String),
    Query(Option<String>),
    Authority(String),
    UrlScheme(&'static str),
    Method(String),
    /// The name of a header and its original value, or `None` if the header was added and must be removed.
    Header(String, Option<String>),
    Body(Vec<u8>),
    Service(String),
}

impl Edit {
    fn new(culprit: &'static str, sentence: impl Into<String>, what: What) -> Self {
        Self { change: Change { culprit, sentence: sentence.into() }, what }
    }

    /// Reverts the assumed change.
    pub(super) fn apply(&self, request: &mut Captured, service: &mut String) {
        match &self.what {
            What::Target(target) => target.clone_into(&mut request.target),
            What::Path(path) => request.set_path(path),
            What::Query(query) => request.set_query(query.as_deref()),
            What::Authority(host) => request.set_header("host", Some(host)),
            What::UrlScheme(scheme) => request.scheme = Some((*scheme).to_owned()),
            What::Method(method) => method.clone_into(&mut request.method),
            What::Header(name, value) => request.set_header(name, value.as_deref()),
            What::Body(body) => request.body = Some(body.clone()),
            What::Service(name) => name.clone_into(service),
        }
    }

    pub(super) fn is_of_body(&self) -> bool {
        matches!(self.what, What::Body(_))
    }
}

/// The hypotheses of one kind, in order of decreasing probability.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) edits: Vec<Edit>,
}

/// The maximum number of hypotheses of each kind. It limits the time for the analysis of a capture.
const MOST: usize = 2_000;

/// The maximum length in bytes of a target for which hypotheses are generated. Most servers accept about 8
/// KiB.
const MAX_TARGET_BYTES: usize = 16 << 10;

/// The maximum length in bytes of a `Signature-Input` header in which changes are tried.
const MAX_SIGNED_BYTES: usize = 8 << 10;

/// Returns all hypotheses that apply to the scheme, grouped by kind.
pub(super) fn all(case: &Case<'_>) -> Vec<Kind> {
    let mut kinds = Vec::new();
    let is_short = case.request.target.len() <= MAX_TARGET_BYTES;
    if is_short {
        kinds.push(("path", paths::paths(case)));
    }
    if is_short && case.scheme != Scheme::Pairwise {
        kinds.push(("query", queries::queries(case.request)));
    }
    if case.scheme == Scheme::Message {
        kinds.push(("host", hosts::hosts(case)));
        kinds.push(("URL scheme", hosts::schemes(case)));
    }
    kinds.push(("method", methods(case.request)));
    if case.scheme == Scheme::Pairwise {
        kinds.push(("body", bodies(case.request)));
    }
    kinds.push(("headers", fields::fields(case)));
    kinds.push(("names and keys", names::names(case)));
    let kinds = kinds.into_iter().map(|(name, mut edits)| {
        edits.truncate(MOST);
        Kind { name, edits }
    });
    kinds.filter(|kind| !kind.edits.is_empty()).collect()
}

/// Returns the hypotheses that the method was changed.
fn methods(request: &Captured) -> Vec<Edit> {
    const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let lower = request.method.to_ascii_lowercase();
    let upper = request.method.to_ascii_uppercase();
    let others = METHODS.into_iter().chain([lower.as_str(), upper.as_str()]);
    others
        .filter(|method| *method != request.method)
        .map(|method| {
            let sentence = format!(
                "the method was changed in transit: {method} was signed, but {} arrived",
                request.method
            );
            Edit::new("method", sentence, What::Method(method.to_owned()))
        })
        .collect()
}

/// Returns the names of the sender header and of the timestamp header.
fn own_headers(scheme: Scheme) -> [&'static str; 2] {
    match scheme {
        Scheme::Pairwise => [pairwise::SERVICE_NAME, pairwise::TIMESTAMP],
        Scheme::Client => [client::CLIENT_ID, client::TIMESTAMP],
        _ => [message::SIGNATURE_INPUT, message::SIGNATURE_INPUT],
    }
}
