//! The analysis of a captured request. It selects the checks that can explain the rejection.

mod readable;
mod times;
mod unreadable;

use sealwire_core::keys::KeyRing;
use sealwire_core::{Policy, Reason, Scheme, client, message, pairwise};

use super::bench::Bench;
use super::capture::{Captured, SIGNATURE_HEADERS};
use super::checks::{self, Facts, is_of_time};
use super::covered::coverage;
use super::hypotheses::Case;
use super::input::Input;
use super::log::Logged;
use super::result::{Change, Explanation, Outcome};
use super::search::{Search, Searched, signed_body};
use super::{parts, verdict};

const AUTHORITY: &str = "@authority";
/// Components that signatures often cover. If the name of a covered component is similar to one of them, a
/// proxy has probably changed the name.
const USUAL_COMPONENTS: [&str; 15] = [
    "@method",
    AUTHORITY,
    "@path",
    "@query",
    "@target-uri",
    "@scheme",
    "accept",
    "authorization",
    "cache-control",
    "content-length",
    "content-type",
    "cookie",
    "date",
    "host",
    "user-agent",
];
/// The maximum length in bytes of names that are compared for similarity.
const MOST_COMPARED_BYTES: usize = 128;
/// The maximum number of headers whose names are compared for similarity.
const MOST_COMPARED: usize = 256;
const HOST: &str = "Host";
/// The maximum number of repeated headers that are examined.
const MOST_DOUBLED: usize = 8;
/// The range of plausible timestamps, from 2001 to 2100. A timestamp outside this range probably has the
/// wrong unit.
const PLAUSIBLE_MS: core::ops::Range<u64> = 978_307_200_000..4_102_444_800_000;

pub(super) struct Analysis<'a> {
    input: &'a Input,
    bench: Bench<'a>,
    policy: Policy,
    logged: &'a Logged,
    /// The log line that the caller passed. It may belong to another request.
    given: &'a Logged,
    request: Captured,
    sent: Option<&'a Captured>,
    found: Explanation,
    /// Whether the search for changes stopped early because the capture is large.
    is_cut: bool,
    /// A description of the value that shows that the log line belongs to another request. It is `None` if
    /// the log line may belong to the captured request.
    other_request: Option<String>,
    /// Whether the MAC of the captured request is valid.
    is_valid_head: bool,
}

/// An empty log record, which is used if the log line belongs to another request.
static UNLOGGED: Logged = Logged {
    reason: None,
    sender: None,
    method: None,
    path: None,
    field: None,
    scheme: None,
    age_ms: None,
    at_ms: None,
};

impl<'a> Analysis<'a> {
    pub(super) fn new(
        input: &'a Input,
        ring: &'a KeyRing,
        mut policy: Policy,
        logged: &'a Logged,
        request: &Captured,
        sent: Option<&'a Captured>,
    ) -> Self {
        let scheme = scheme_of(&policy, request);
        let is_https =
            request.header("x-forwarded-proto").is_none() && request.scheme.as_deref() != Some("http");
        let url_scheme = match policy.scheme.as_str() {
            "" if is_https => "https",
            "" => "http",
            given => given,
        };
        let bench = Bench { ring, scheme, url_scheme: url_scheme.to_owned() };
        policy.schemes = [Some(scheme), None, None];
        let found = Explanation { logged: logged.reason, ..Explanation::default() };
        let mut request = bench.without_added_line(request, &policy);
        bench.forget_absent_body(&mut request, policy.service.as_str());
        Self {
            input,
            bench,
            policy,
            logged,
            given: logged,
            request,
            sent,
            found,
            is_cut: false,
            other_request: None,
            is_valid_head: false,
        }
    }

    pub(super) fn run(mut self) -> Explanation {
        let is_accepted = self.is_accepted_scheme();
        if !is_accepted {
            let sentence = format!(
                "the request is signed with {}, which the verifier does not accept (schemes)",
                self.bench.scheme
            );
            self.failed(Reason::MissingHeaders, "scheme", sentence);
        } else if !SIGNATURE_HEADERS.iter().any(|name| self.request.header(name).is_some())
            && !self.has_headers_of_scheme()
        {
            self.unsigned();
        } else {
            match self.bench.read(&self.request, &self.bench.lenient(self.service())) {
                Ok(reading) => self.readable(&reading),
                Err(rejection) => self.unreadable(&rejection),
            }
        }
        self.found
    }

    fn service(&self) -> &'a str {
        &self.input.settings.service
    }

    /// Returns `true` if the verifier accepts the scheme of the signature. If the settings list no schemes,
    /// all schemes are accepted.
    fn is_accepted_scheme(&self) -> bool {
        let listed = &self.input.settings.schemes;
        listed.is_empty() || listed.iter().any(|name| name == self.bench.scheme.name())
    }

    fn has_headers_of_scheme(&self) -> bool {
        headers_of(self.bench.scheme).iter().any(|name| self.request.header(name).is_some())
    }

    /// Compares the request with a capture of the same request that was recorded at the sender. Returns
    /// `true` if the comparison explains the rejection.
    fn compared_with_sent(&mut self) -> bool {
        let Some(sent) = self.sent else { return false };
        let service = self.service();
        let policy = self.bench.lenient(service);
        let Ok(before) = self.bench.read(sent, &policy) else { return false };
        let Ok(after) = self.bench.read(&self.request, &policy) else { return false };
        let scheme = self.bench.scheme;
        let arrived = parts::of(scheme, &after, &self.request);
        let components = parts::compared(Some(arrived), Some(parts::of(scheme, &before, sent)));
        let differing: Vec<_> = components.iter().filter(|each| each.same == Some(false)).collect();
        if differing.is_empty() {
            self.found.components = components;
            let what = "both captures are equal: the sender signs another request than it sends, or uses another secret";
            self.unexplained(Reason::SignatureMismatch, what);
            return true;
        }
        if before.version.is_none() {
            return false;
        }
        for each in differing {
            let sent = each.signed.as_deref().unwrap_or("nothing");
            let arrived = each.arrived.as_deref().unwrap_or("nothing");
            let sentence =
                format!("{} was changed in transit: {sent} was sent, but {arrived} arrived", each.name);
            self.found.changes.push(Change { culprit: culprit_of(&each.name), sentence });
        }
        self.found.components = components;
        self.proven(Reason::SignatureMismatch);
        true
    }

    /// Searches for changes that explain an invalid MAC. Returns `None` if there are none.
    fn searched(&mut self) -> Option<()> {
        let covered = coverage(&self.bench, &self.request).fields;
        let case = Case {
            request: &self.request,
            scheme: self.bench.scheme,
            service: &self.input.settings.service,
            ring: self.bench.ring,
            logged_path: self.given.other_path(self.request.path()),
            prefix: self.input.prefix.as_deref(),
            hosts: &self.hosts(),
            covered: &covered,
        };
        let Searched { proof, tried, is_cut } = Search::new(&self.bench, &case).run();
        self.found.tried = tried;
        self.is_cut = is_cut;
        let proof = proof?;
        self.found.changes = proof.changes;
        let policy = self.bench.lenient(&proof.service);
        let mut signed = proof.signed;
        if let Ok(reading) = self.bench.read(&signed, &policy) {
            self.found.sender = Some(reading.sender.clone());
            self.found.signed_at_ms = reading.created_ms;
            if reading.body_check(&signed) == Some(Err(Reason::BodyDigestMismatch)) {
                let change = match signed_body(&self.bench, &policy, &signed) {
                    Some((change, whole)) => {
                        signed = whole;
                        change
                    }
                    None => self.unknown_body(Reason::BodyDigestMismatch),
                };
                self.found.changes.push(change);
            }
        }
        self.components(Some(&signed), &proof.service);
        self.proven(self.found.reason.unwrap_or(Reason::SignatureMismatch));
        Some(())
    }

    /// Returns the hosts in the input and in the settings.
    fn hosts(&self) -> Vec<String> {
        let listed = self.input.settings.authorities.iter().filter(|name| *name != "any");
        self.input.hosts.iter().chain(listed).cloned().collect()
    }

    /// Reports a cause that is visible in the capture and therefore does not have to be proven with a MAC.
    fn shown(&mut self, reason: Reason, culprit: &'static str, sentence: String) {
        self.failed(reason, culprit, sentence);
    }

    fn failed(&mut self, reason: Reason, culprit: &'static str, sentence: String) {
        self.found.changes = vec![Change { culprit, sentence }];
        self.proven(reason);
    }

    fn proven(&mut self, reason: Reason) {
        self.found.outcome = Outcome::Proven;
        self.found.reason = Some(reason);
        let detail = if is_of_time(reason) { self.found.explanation() } else { reason.name().to_owned() };
        self.found.checks = checks::all(&self.facts(Some(reason), detail));
    }

    fn unexplained(&mut self, reason: Reason, what: &str) {
        self.found.outcome = Outcome::Unexplained;
        let is_unknown = self.request.body.is_none() && self.bench.scheme == Scheme::Pairwise;
        let is_tested = !(is_unknown && reason == Reason::SignatureMismatch);
        self.found.reason = Some(reason).filter(|_| is_tested);
        self.found.sentence = format!(
            "{what}. The two sides may use different secrets, or more parts may have been changed. Capture the request at the sender and pass this capture, too (sent, --sent)"
        );
        if self.found.components.is_empty() {
            self.components(None, self.service());
        }
        let covers_authority = self.found.components.iter().any(|each| each.name == "@authority");
        self.found.untested =
            verdict::untested(self.bench.scheme, covers_authority, self.request.body.is_some());
        if self.is_cut {
            self.found.untested.push("the remaining changes, because the capture is large".to_owned());
        }
        self.found.checks = checks::all(&self.facts(self.found.reason, reason.name().to_owned()));
    }

    /// Compares the signing inputs of the request that arrived and of the request that was signed, and stores
    /// the result.
    fn components(&mut self, signed: Option<&Captured>, service: &str) {
        let own = self.bench.lenient(self.service());
        let arrived = self.bench.read(&self.request, &own).ok();
        let arrived = arrived.map(|reading| parts::of(self.bench.scheme, &reading, &self.request));
        let signed = signed.and_then(|signed| {
            let reading = self.bench.read(signed, &self.bench.lenient(service)).ok()?;
            Some(parts::of(self.bench.scheme, &reading, signed))
        });
        self.found.components = parts::compared(arrived, signed);
    }

    /// Replaces the arrived value of the changed component with the value from the log.
    fn mark_logged(&mut self, change: &Change) {
        let value = match change.culprit {
            "path" => self.logged.path.clone(),
            _ => return,
        };
        let name = if self.bench.scheme == Scheme::Message {
            format!("@{}", change.culprit)
        } else {
            change.culprit.to_owned()
        };
        for each in self.found.components.iter_mut().filter(|each| each.name == name) {
            (each.arrived, each.same) = (value.clone(), Some(false));
        }
    }

    fn facts(&self, failed: Option<Reason>, detail: String) -> Facts {
        let policy = self.bench.lenient(self.service());
        let reading = self.bench.read(&self.request, &policy).ok();
        let is_late = failed.is_some_and(is_of_time);
        let time =
            self.found.arrived.as_ref().zip(self.found.signed_at_ms).map(|((arrived, source), created)| {
                let rejection = self.bench.verify(&self.request, &self.policy, *arrived);
                let seconds = arrived.abs_diff(created) / 1000;
                let sign = if *arrived >= created { "" } else { "-" };
                let age = format!("age {sign}{seconds} s ({source})");
                if rejection.is_some_and(|found| is_of_time(found.reason)) { Err(age) } else { Ok(age) }
            });
        Facts {
            failed,
            detail,
            time: if is_late { None } else { time },
            body: reading.map(|reading| reading.body),
            has_body: self.request.body.is_some(),
            was_replayed: self.logged.reason == Some(Reason::Replayed),
        }
    }
}

impl Bench<'_> {
    /// Changes an empty body to an unknown body if the signed digest belongs to another body. In that case,
    /// the capture does not contain the body that was sent. An empty body with a `Content-Length` of 0 is not
    /// changed.
    fn forget_absent_body(&self, request: &mut Captured, service: &str) {
        let is_empty = request.body.as_ref().is_some_and(Vec::is_empty);
        if !is_empty || request.header("content-length").is_some_and(|length| length.trim() == "0") {
            return;
        }
        let Ok(reading) = self.read(request, &self.lenient(service)) else { return };
        if reading.body_check(request) == Some(Err(Reason::BodyDigestMismatch)) {
            request.body = None;
        }
    }

    /// Removes the line break at the end of the body if the request is valid without it and invalid with it.
    /// Text editors add such line breaks.
    fn without_added_line(&self, request: &Captured, policy: &Policy) -> Captured {
        let is_valid = |request: &Captured| {
            let reading = self.read(request, &self.lenient(policy.service.as_str()));
            reading.is_ok_and(|reading| {
                reading.version.is_some() && reading.body_check(request).is_none_or(|check| check.is_ok())
            })
        };
        let body =
            request.body.as_deref().filter(|_| request.is_edited).and_then(|body| body.strip_suffix(b"\n"));
        let Some(body) = body else { return request.clone() };
        let trimmed = Captured { body: Some(body.to_vec()), ..request.clone() };
        if !is_valid(request) && is_valid(&trimmed) { trimmed } else { request.clone() }
    }
}

/// Returns the scheme of the signature. This is the first scheme whose signature header is present. If there
/// is no signature header, it is the first scheme with any of its headers present. Schemes that the policy
/// accepts take precedence over the others.
pub(super) fn scheme_of(policy: &Policy, request: &Captured) -> Scheme {
    let accepted: Vec<Scheme> = policy.schemes.into_iter().flatten().chain(Scheme::ALL).collect();
    let signed = |scheme: &&Scheme| request.header(signature_of(**scheme)).is_some();
    let present = |scheme: &&Scheme| headers_of(**scheme).iter().any(|name| request.header(name).is_some());
    let found = accepted.iter().find(signed).or_else(|| accepted.iter().find(present));
    found.or(accepted.first()).copied().unwrap_or(Scheme::Message)
}

const fn signature_of(scheme: Scheme) -> &'static str {
    match scheme {
        Scheme::Pairwise => pairwise::SIGNATURE,
        Scheme::Client => client::SIGNATURE,
        _ => message::SIGNATURE,
    }
}

const fn headers_of(scheme: Scheme) -> &'static [&'static str] {
    match scheme {
        Scheme::Pairwise => &[pairwise::SERVICE_NAME, pairwise::TIMESTAMP, pairwise::SIGNATURE],
        Scheme::Client => &[client::CLIENT_ID, client::TIMESTAMP, client::SIGNATURE],
        _ => &[message::SIGNATURE_INPUT, message::SIGNATURE],
    }
}

fn culprit_of(component: &str) -> &'static str {
    match component {
        "@path" | "path" => "path",
        "@query" | "query" => "query",
        "@target-uri" | "@request-target" => "path",
        "@method" | "method" => "method",
        "@authority" => "authority",
        "@scheme" => "URL scheme",
        "body" => "body",
        "request id" => "request id",
        "sender" | "client id" => "sender",
        name if name.eq_ignore_ascii_case(pairwise::USER_ID) => "user id",
        _ => "header",
    }
}

/// Returns `true` for headers that browsers may omit from HAR files.
fn is_omitted_by_browsers(name: &str) -> bool {
    matches!(name, "cookie" | "authorization")
}
