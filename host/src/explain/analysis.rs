//! The order of an explanation.

use sealwire_core::keys::KeyRing;
use sealwire_core::{Authorities, BodyRule, Policy, Reason, Rejection, Scheme, client, message, pairwise};

use super::bench::{Bench, Reading};
use super::capture::{Captured, SIGNATURE_HEADERS};
use super::checks::{self, Facts, is_of_time};
use super::covered::{coverage, is_signed_as_named};
use super::hypotheses::Case;
use super::input::Input;
use super::log::Logged;
use super::result::{Change, Explanation, Outcome};
use super::search::{Search, Searched, signed_body};
use super::{parts, verdict};

const AUTHORITY: &str = "@authority";
/// Components that are often covered. A similar name is probably one of them.
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
/// The maximum length and number of header names that are compared with a covered name.
const MOST_COMPARED_BYTES: usize = 128;
const MOST_COMPARED: usize = 256;
const HOST: &str = "Host";
/// The most headers with several lines that are examined.
const MOST_DOUBLED: usize = 8;
/// Timestamps before 2001 and after 2100 are in the wrong unit.
const PLAUSIBLE_MS: core::ops::Range<u64> = 978_307_200_000..4_102_444_800_000;

pub(super) struct Analysis<'a> {
    input: &'a Input,
    bench: Bench<'a>,
    policy: Policy,
    logged: &'a Logged,
    /// The given log line, which may be of another request.
    given: &'a Logged,
    request: Captured,
    sent: Option<&'a Captured>,
    found: Explanation,
    /// Whether the search ended early.
    is_cut: bool,
    /// What shows that the log line is of another request.
    other_request: Option<String>,
    /// Whether the MAC is valid.
    is_valid_head: bool,
}

/// No log line.
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

    /// Returns `false` if the settings list the schemes, and the signature is in another one.
    fn is_accepted_scheme(&self) -> bool {
        let listed = &self.input.settings.schemes;
        listed.is_empty() || listed.iter().any(|name| name == self.bench.scheme.name())
    }

    fn has_headers_of_scheme(&self) -> bool {
        headers_of(self.bench.scheme).iter().any(|name| self.request.header(name).is_some())
    }

    /// A request without any header of a scheme.
    fn unsigned(&mut self) {
        let wanted = SIGNATURE_HEADERS.join(" or ");
        if self.request.has_all_headers {
            let sentence = format!(
                "it has no signature: {wanted} is missing; did the sender sign, and does a proxy drop headers?"
            );
            self.failed(Reason::MissingHeaders, "missing header", sentence);
        } else {
            self.found.sentence = format!(
                "the capture has no signature ({wanted}), but this form of capture does not contain all headers; capture the \
                 request with curl -v or at the verifier"
            );
        }
    }

    /// A head that the verifier cannot read.
    fn unreadable(&mut self, rejection: &Rejection) {
        self.found.scheme = Some(rejection.scheme.name());
        self.found.reason = Some(rejection.reason);
        let field = rejection.field.unwrap_or(message::SIGNATURE_INPUT);
        let count = self.request.count(field);
        let is_complete = self.request.has_all_headers;
        match rejection.reason {
            Reason::MissingHeaders if self.request.header(field).is_none_or(str::is_empty) => {
                let sentence =
                    format!("{field} is missing; does the sender send it, and does a proxy drop it?");
                return self.shown(rejection.reason, "missing header", sentence);
            }
            Reason::DuplicateHeader => {
                let sentence = format!("{field} occurs {count} times; a proxy adds it again");
                return self.shown(rejection.reason, "doubled header", sentence);
            }
            _ => {}
        }
        if self.doubled(rejection.reason) {
            return;
        }
        let of_scheme = [HOST, message::SIGNATURE_INPUT, message::SIGNATURE];
        let doubled = of_scheme.into_iter().find(|name| self.request.count(name) > 1);
        if let Some(name) = doubled.filter(|name| *name != HOST || self.covers_host()) {
            let sentence = format!("{name} occurs {} times; a proxy adds it again", self.request.count(name));
            return self.shown(rejection.reason, "doubled header", sentence);
        }
        // A header may have been added or changed, so that the signature does not fit any more.
        if self.searched().is_some() {
            return;
        }
        let coverage = coverage(&self.bench, &self.request);
        if let Some(error) = &coverage.error
            && error.component.as_str() == AUTHORITY
        {
            return self.without_authority();
        }
        let absent = coverage.fields.iter().find(|name| self.request.header(name).is_none());
        if let (Reason::MissingHeaders | Reason::MalformedHeader, Some(name)) = (rejection.reason, absent) {
            if is_complete && !is_omitted_by_browsers(name) && !self.is_nearly_a_header(name) {
                let sentence = format!(
                    "{name} is missing, and the signature covers it; does the sender send it, and does a proxy drop it?"
                );
                return self.shown(rejection.reason, "missing header", sentence);
            }
            self.found.sentence = format!(
                "the signature covers {name}, which the capture does not contain: it was dropped, or {} was changed; capture the \
                 request with all headers",
                message::SIGNATURE_INPUT
            );
            return;
        }
        match rejection.reason {
            Reason::MalformedHeader | Reason::MissingKeyVersion => {
                let sentence = match coverage.error {
                    Some(error) if field == message::SIGNATURE_INPUT => error.to_string(),
                    _ if field.starts_with('@') => format!("{field} of the request is malformed"),
                    _ if rejection.reason == Reason::MissingKeyVersion => {
                        format!("the key id in {field} contains no key version")
                    }
                    _ => format!("{field} is malformed"),
                };
                self.shown(rejection.reason, "malformed header", sentence);
            }
            Reason::MissingCoverage if is_signed_as_named(&self.bench, &self.request) => {
                let sentence = format!("the signature does not cover {field}, which is required");
                self.shown(rejection.reason, "coverage", sentence);
            }
            reason => {
                let what = if reason == Reason::MissingCoverage {
                    format!(
                        "the signature does not cover {field}, which is required, and the MAC does not fit either"
                    )
                } else if reason == Reason::UnknownClient {
                    format!("no signature names {} as its receiver", self.service())
                } else {
                    format!("{field} contains no signature that fits the other headers")
                };
                self.unexplained(reason, &format!("{what}; the header may have been changed"));
            }
        }
    }

    fn covers_host(&self) -> bool {
        coverage(&self.bench, &self.request).error.is_some_and(|error| error.component.as_str() == AUTHORITY)
    }

    /// A request whose host cannot be signed.
    fn without_authority(&mut self) {
        let host = HOST;
        match self.request.count(host) {
            0 if self.request.has_all_headers => {
                let sentence = format!("{host} is missing, and the signature covers the host");
                self.shown(Reason::MalformedHeader, "missing header", sentence);
            }
            0 => {
                self.found.sentence =
                    format!("the signature covers the host, but the capture has no {host} header");
            }
            1 => self.shown(Reason::MalformedHeader, "malformed header", format!("{host} is malformed")),
            count => {
                let sentence = format!("{host} occurs {count} times; a proxy adds it again");
                self.shown(Reason::MalformedHeader, "doubled header", sentence);
            }
        }
    }

    /// Returns `true` if a header has nearly this name, so that the name may have been changed.
    fn is_nearly_a_header(&self, name: &str) -> bool {
        let most = (name.len() / 4).clamp(2, 4);
        let is_short = |name: &str| name.len() <= MOST_COMPARED_BYTES;
        if !is_short(name) {
            return false;
        }
        let near = |other: &str| {
            is_short(other) && strsim::damerau_levenshtein(name, &other.to_ascii_lowercase()) <= most
        };
        let is_known = USUAL_COMPONENTS.contains(&name);
        self.request.headers.iter().take(MOST_COMPARED).any(|(other, _)| near(other))
            || (!is_known && USUAL_COMPONENTS.into_iter().any(near))
    }

    /// A head with readable credentials.
    fn readable(&mut self, reading: &Reading) {
        self.found.scheme = Some(self.bench.scheme.name());
        self.found.sender = Some(reading.sender.clone());
        self.found.key_version = reading.version.or(reading.key_version);
        let Some(created) = reading.created_ms else {
            let sentence = format!("{} is malformed", client::TIMESTAMP);
            return self.shown(Reason::MalformedHeader, "malformed header", sentence);
        };
        self.found.signed_at_ms = Some(created);
        self.compare_log(reading);
        self.found.arrived = self.arrival(created);
        if reading.version.is_some() {
            self.valid_head(reading, created);
        } else {
            self.wrong_mac(reading, created);
        }
        self.name_clock_first(created);
    }

    /// A wrong MAC. The cause is a change on the way, or another key.
    fn wrong_mac(&mut self, reading: &Reading, created: u64) {
        let reason = self.bench.verify(&self.request, &self.policy, created).map(|found| found.reason);
        let reason = reason.unwrap_or(Reason::SignatureMismatch);
        self.found.reason = Some(reason);
        if self.doubled(reason) {
            return;
        }
        if !self.compared_with_sent() && self.searched().is_none() {
            let what = match reason {
                Reason::UnknownClient => {
                    format!("the key file has no key for {} and {}", reading.sender, self.service())
                }
                Reason::UnknownKeyVersion => format!(
                    "the key file has no version {} of the key of {}",
                    reading.key_version.unwrap_or_default(),
                    reading.key
                ),
                _ => "no tested change makes the signature valid".to_owned(),
            };
            self.unexplained(reason, &what);
        }
    }

    /// Accepts a signature without the host, or for a host that is not listed, if the log shows that the verifier accepted it.
    fn follow_log(&mut self, created: u64) {
        let Some(logged) = self.logged.reason else { return };
        let Some(rejection) = self.bench.verify(&self.request, &self.policy, created) else { return };
        let is_of_host = matches!(rejection.reason, Reason::MissingCoverage | Reason::AuthorityNotServed);
        if is_of_host && checks::place(logged) > checks::place(rejection.reason) {
            self.policy.require_authority = false;
            self.policy.authorities = Authorities::Any;
        }
    }

    /// Ignores the log if it is of another request. A path that was rewritten before the verifier computed its MAC is
    /// accepted, because then the logged mismatch is the result of the rewriting.
    fn compare_log(&mut self, reading: &Reading) {
        let path = self.request.path();
        let other = self.logged.of_other_request(&reading.sender, &self.request.method, path);
        let is_rewritten = reading.version.is_some()
            && self.logged.reason == Some(Reason::SignatureMismatch)
            && self.logged.is_rewritten(path)
            && self
                .logged
                .of_other_request(&reading.sender, &self.request.method, "")
                .is_some_and(|part| part.starts_with("the path"));
        if other.is_some() && !is_rewritten {
            self.other_request = other;
            self.logged = &UNLOGGED;
        }
    }

    /// A valid MAC. The cause is the body, the policy, the clock, or another request.
    fn valid_head(&mut self, reading: &Reading, created: u64) {
        self.is_valid_head = true;
        self.components(Some(&self.request.clone()), self.service());
        if let Some(Err(reason)) = reading.body_check(&self.request) {
            return self.changed_body(reason);
        }
        if !PLAUSIBLE_MS.contains(&created) {
            let unit = if self.bench.scheme == Scheme::Client { "milliseconds" } else { "seconds" };
            let sentence = format!(
                "the signature is valid, but its timestamp is not in {unit} since 1970: the sender uses another unit"
            );
            return self.failed(Reason::StaleTimestamp, "timestamp", sentence);
        }
        self.follow_log(created);
        let rejection = self.bench.verify(&self.request, &self.policy, created);
        if let Some(rejection) = rejection.filter(|found| !is_of_time(found.reason)) {
            return self.not_allowed(&rejection);
        }
        if let Some(sentence) = self.clock(created) {
            let reason = self.found.reason.unwrap_or(Reason::StaleTimestamp);
            return self.failed(reason, "clock", sentence);
        }
        if let Some(change) = verdict::of_log(self.logged, self.request.path()) {
            self.mark_logged(&change);
            return self.failed(
                self.logged.reason.unwrap_or(Reason::SignatureMismatch),
                change.culprit,
                change.sentence,
            );
        }
        self.found.outcome = Outcome::Valid;
        self.found.checks = checks::all(&self.facts(None, String::new()));
        let told =
            self.logged.reason.map_or_else(String::new, |reason| format!(" The log contains {reason}:"));
        let mut time = String::new();
        if self.found.arrived.is_none() {
            time.push_str(" The time was not checked: pass the time of arrival (at, --at).");
        }
        if self.request.body.is_none() && matches!(reading.body, BodyRule::Digest(_)) {
            time.push_str(" The body was not checked: pass a capture that contains it.");
        }
        if let Some(other) = &self.other_request {
            self.found.sentence =
                format!("the captured request is valid. {}{time}", verdict::of_other_request(other));
            return;
        }
        self.found.sentence = format!(
            "the captured request is valid.{told} It was sent a second time, or the verifier received another request; capture it \
             on the other side of the proxy.{time}"
        );
    }

    /// A body that does not match its signed digest.
    fn changed_body(&mut self, reason: Reason) {
        let policy = self.bench.lenient(self.service());
        let (change, signed) = match signed_body(&self.bench, &policy, &self.request) {
            Some((change, signed)) => (change, Some(signed)),
            None => (self.unknown_body(reason), None),
        };
        if let Some(signed) = &signed {
            self.components(Some(signed), self.service());
        } else {
            let body = self.found.components.iter_mut().find(|each| each.name == "body");
            body.into_iter().for_each(|body| (body.signed, body.same) = (None, Some(false)));
        }
        self.failed(reason, change.culprit, change.sentence);
    }

    fn unknown_body(&self, reason: Reason) -> Change {
        let encoding = self.request.header("content-encoding").unwrap_or_default().to_ascii_lowercase();
        let body = self.request.body.as_deref().unwrap_or_default();
        let is_plain = !body.starts_with(&[0x1f, 0x8b]) && core::str::from_utf8(body).is_ok();
        let sentence = if reason == Reason::MissingCoverage {
            "the signature covers no body, but there is one: it was added on the way, or the sender signed without it".to_owned()
        } else if is_plain && ["gzip", "deflate", "br", "zstd"].contains(&encoding.as_str()) {
            format!(
                "the body was decompressed on the way: it was signed as {encoding}; verify before decompressing"
            )
        } else {
            "the head is unchanged, but the bytes of the body were changed on the way".to_owned()
        };
        Change { culprit: "body", sentence }
    }

    /// A valid signature that the settings of the verifier reject.
    fn not_allowed(&mut self, rejection: &Rejection) {
        let host = self.request.header("host").unwrap_or_default();
        let (culprit, sentence) = match rejection.reason {
            Reason::AuthorityNotServed => (
                "authority",
                format!("the signature is valid, but covers the host {host}, which is not in authorities"),
            ),
            Reason::MissingCoverage => (
                "coverage",
                format!(
                    "the signature does not cover {}, which is required",
                    rejection.field.unwrap_or("a component")
                ),
            ),
            reason => (
                "policy",
                format!("the signature is valid, but the settings of the verifier reject it: {reason}"),
            ),
        };
        self.failed(rejection.reason, culprit, sentence);
    }

    /// Names the clock before other changes, because the verifier checks the time before the MAC and the body.
    fn name_clock_first(&mut self, created: u64) {
        let is_named =
            self.found.changes.iter().any(|change| matches!(change.culprit, "clock" | "timestamp"));
        let is_told = self.logged.reason.is_some_and(is_of_time) || self.input.at_ms.is_some();
        if is_named || !is_told || self.found.outcome == Outcome::Valid || !PLAUSIBLE_MS.contains(&created) {
            return;
        }
        let found = self.found.reason;
        let Some(sentence) = self.clock(created) else {
            self.found.reason = found;
            return;
        };
        let sentence = match self.found.outcome {
            Outcome::Unexplained => {
                format!("{sentence}; the MAC does not fit either: {}", self.found.sentence)
            }
            _ => sentence,
        };
        self.found.changes.insert(0, Change { culprit: "clock", sentence });
        self.proven(self.found.reason.unwrap_or(Reason::StaleTimestamp));
    }

    /// Reports a header line that was added again, if the signature is valid with one line.
    fn doubled(&mut self, reason: Reason) -> bool {
        let policy = self.bench.lenient(self.service());
        let found = self.doubled_names().into_iter().find_map(|name| {
            let lines = self.request.headers.iter().filter(|(held, _)| held.eq_ignore_ascii_case(&name));
            lines.map(|(_, value)| value.clone()).find_map(|value| {
                let mut single = self.request.clone();
                single.headers.retain(|(held, _)| !held.eq_ignore_ascii_case(&name));
                single.headers.push((name.clone(), value));
                self.bench.is_proven(&single, &policy).then(|| (name.clone(), single))
            })
        });
        let Some((name, single)) = found else { return false };
        self.components(Some(&single), self.service());
        let count = self.request.count(&name);
        let sentence = format!(
            "{name} occurs {count} times, and the signature is valid with one line; a proxy adds it again"
        );
        self.shown(reason, "doubled header", sentence);
        true
    }

    /// Returns the names of headers with several lines.
    fn doubled_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (name, _) in &self.request.headers {
            let is_new = !names.iter().any(|held| held.eq_ignore_ascii_case(name));
            if is_new && names.len() < MOST_DOUBLED && self.request.count(name) > 1 {
                names.push(name.clone());
            }
        }
        names
    }

    /// Returns the message if the time of arrival is known and outside of the window.
    fn clock(&mut self, created: u64) -> Option<String> {
        if self.logged.reason.is_some_and(|reason| !is_of_time(reason)) {
            return None; // the check of the time passed
        }
        let compare = "compare both clocks; or the request was delayed or sent again";
        let valid = if self.found.outcome == Outcome::Proven || !self.is_valid_head {
            ""
        } else {
            "the signature is valid, but "
        };
        let of_log =
            self.logged.reason.map(|reason| format!("{valid}the verifier logged {reason}: {compare}"));
        let Some((arrived, source)) = self.found.arrived.clone() else {
            self.found.reason = self.logged.reason;
            return of_log;
        };
        let rejection = self.bench.verify(&self.request, &self.policy, arrived);
        let Some(reason) = rejection.map(|found| found.reason).filter(|reason| is_of_time(*reason)) else {
            self.found.reason = self.logged.reason.or(self.found.reason);
            return of_log;
        };
        self.found.reason = Some(reason);
        let seconds = arrived.abs_diff(created) / 1000;
        let late = if arrived >= created { "behind" } else { "ahead of" };
        let expired = if reason == Reason::TokenExpired { ", and it had expired" } else { "" };
        let its = if valid.is_empty() { "the" } else { "its" };
        Some(format!(
            "{valid}{its} timestamp is {seconds} s {late} the time of arrival ({source}){expired}: {compare}"
        ))
    }

    /// Returns the time of arrival with its source.
    fn arrival(&self, created: u64) -> Option<(u64, String)> {
        let of_log = self.logged.age_ms.map(|age| (created.saturating_add_signed(age), "the age in the log"));
        let given = self.input.at_ms.map(|at| (at, "given"));
        let record = self.logged.at_ms.map(|at| (at, "the time of the log record"));
        let found = of_log.or(given).or(record).or(self.request.arrived);
        found.map(|(at, source)| (at, source.to_owned()))
    }

    /// Compares the request with the same request at the sender. Returns `true` if that explains the rejection.
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
                format!("{} was changed on the way: {sent} was sent, {arrived} arrived", each.name);
            self.found.changes.push(Change { culprit: culprit_of(&each.name), sentence });
        }
        self.found.components = components;
        self.proven(Reason::SignatureMismatch);
        true
    }

    /// Searches for changes that explain a wrong MAC.
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

    /// Returns the hosts from the caller and from the settings.
    fn hosts(&self) -> Vec<String> {
        let listed = self.input.settings.authorities.iter().filter(|name| *name != "any");
        self.input.hosts.iter().chain(listed).cloned().collect()
    }

    /// A cause that the capture shows without a MAC.
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
            "{what}. The secret may differ between the two sides, or more was changed; capture the request at the sender and pass it too (sent, --sent)"
        );
        if self.found.components.is_empty() {
            self.components(None, self.service());
        }
        let covers_authority = self.found.components.iter().any(|each| each.name == "@authority");
        self.found.untested =
            verdict::untested(self.bench.scheme, covers_authority, self.request.body.is_some());
        if self.is_cut {
            self.found.untested.push("the remaining hypotheses, because the capture is large".to_owned());
        }
        self.found.checks = checks::all(&self.facts(self.found.reason, reason.name().to_owned()));
    }

    /// Sets the parts of the request as it arrived and as it was signed.
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

    /// Shows the logged value beside the captured one.
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
    /// Treats an empty body as absent from the capture if the digest is that of another body, unless its length is given.
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

    /// Returns the request without a line break that an editor added to the capture, if it is then valid.
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

/// Returns the scheme of the signature: the first accepted scheme with a signature, or with any of its headers.
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

/// Returns `true` for headers that HAR files may omit.
fn is_omitted_by_browsers(name: &str) -> bool {
    matches!(name, "cookie" | "authorization")
}
