//! Hypotheses about changes to a request on its way. Each is a change that is reverted before the MAC is
//! recomputed. If the MAC is then valid, the hypothesis is proven, because this cannot happen by chance.

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

/// The data for hypotheses.
pub(super) struct Case<'c> {
    pub(super) request: &'c Captured,
    pub(super) scheme: Scheme,
    pub(super) service: &'c str,
    pub(super) ring: &'c KeyRing,
    pub(super) logged_path: Option<&'c str>,
    /// A prefix that a proxy removes, from the caller.
    pub(super) prefix: Option<&'c str>,
    /// Hosts under which the service is called, from the caller.
    pub(super) hosts: &'c [String],
    /// The names of the covered header fields under `message`.
    pub(super) covered: &'c [String],
}

/// A change that is reverted.
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
    /// A header with its value; `None` removes it.
    Header(String, Option<String>),
    Body(Vec<u8>),
    Service(String),
}

impl Edit {
    fn new(culprit: &'static str, sentence: impl Into<String>, what: What) -> Self {
        Self { change: Change { culprit, sentence: sentence.into() }, what }
    }

    /// Reverts the change.
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

/// Hypotheses of one kind, the most likely first.
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) edits: Vec<Edit>,
}

/// The maximum number of hypotheses per kind, to limit the time for a capture.
const MOST: usize = 2_000;

/// The length up to which a target is encoded again. Servers accept about 8 KiB.
const MAX_TARGET_BYTES: usize = 16 << 10;

/// The length up to which a signature header is changed.
const MAX_SIGNED_BYTES: usize = 8 << 10;

/// Returns all hypotheses that can apply to the scheme, by kind.
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

/// A method that was changed.
fn methods(request: &Captured) -> Vec<Edit> {
    const METHODS: [&str; 7] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];
    let lower = request.method.to_ascii_lowercase();
    let upper = request.method.to_ascii_uppercase();
    let others = METHODS.into_iter().chain([lower.as_str(), upper.as_str()]);
    others
        .filter(|method| *method != request.method)
        .map(|method| {
            let sentence =
                format!("the method was changed on the way: {method} was signed, {} arrived", request.method);
            Edit::new("method", sentence, What::Method(method.to_owned()))
        })
        .collect()
}

/// The headers of a scheme that contain the sender and the timestamp.
fn own_headers(scheme: Scheme) -> [&'static str; 2] {
    match scheme {
        Scheme::Pairwise => [pairwise::SERVICE_NAME, pairwise::TIMESTAMP],
        Scheme::Client => [client::CLIENT_ID, client::TIMESTAMP],
        _ => [message::SIGNATURE_INPUT, message::SIGNATURE_INPUT],
    }
}
