//! The analysis of requests whose signature headers can be parsed.

use sealwire_core::Authorities;
use sealwire_core::BodyRule;
use sealwire_core::Reason;
use sealwire_core::Rejection;
use sealwire_core::Scheme;
use sealwire_core::client;

use super::{Analysis, PLAUSIBLE_MS, UNLOGGED};
use crate::explain::bench::Reading;
use crate::explain::checks;
use crate::explain::checks::is_of_time;
use crate::explain::result::Change;
use crate::explain::result::Outcome;
use crate::explain::search::signed_body;
use crate::explain::verdict;

impl<'a> Analysis<'a> {
    /// Analyses a request whose signature headers can be parsed.
    pub(super) fn readable(&mut self, reading: &Reading) {
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

    /// Explains an invalid MAC: either the request was changed in transit, or the sender used another key.
    pub(super) fn wrong_mac(&mut self, reading: &Reading, created: u64) {
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
                    "the key file has no version {} of the key for {}",
                    reading.key_version.unwrap_or_default(),
                    reading.key
                ),
                _ => "no tested change makes the signature valid".to_owned(),
            };
            self.unexplained(reason, &what);
        }
    }

    /// Disables the checks of the host if the log shows that a later check failed. In that case, the verifier
    /// accepted the host, so its settings differ from those in the input.
    pub(super) fn follow_log(&mut self, created: u64) {
        let Some(logged) = self.logged.reason else { return };
        let Some(rejection) = self.bench.verify(&self.request, &self.policy, created) else { return };
        let is_of_host = matches!(rejection.reason, Reason::MissingCoverage | Reason::AuthorityNotServed);
        if is_of_host && checks::place(logged) > checks::place(rejection.reason) {
            self.policy.require_authority = false;
            self.policy.authorities = Authorities::Any;
        }
    }

    /// Ignores the log line if it belongs to another request. However, the log line is used if only the path
    /// differs, the path looks rewritten, and the log line reports a signature mismatch, because the
    /// rewriting explains the mismatch.
    pub(super) fn compare_log(&mut self, reading: &Reading) {
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

    /// Explains the rejection of a request with a valid MAC. The cause is the body, the policy, the clock or
    /// a replay. Otherwise the verifier received a different request.
    pub(super) fn valid_head(&mut self, reading: &Reading, created: u64) {
        self.is_valid_head = true;
        self.components(Some(&self.request.clone()), self.service());
        if let Some(Err(reason)) = reading.body_check(&self.request) {
            return self.changed_body(reason);
        }
        if !PLAUSIBLE_MS.contains(&created) {
            let unit = if self.bench.scheme == Scheme::Client { "milliseconds" } else { "seconds" };
            let sentence = format!(
                "the signature is valid, but its timestamp is not in Unix {unit}: the sender uses another unit"
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
            "the captured request is valid.{told} It may have been sent a second time, or the verifier may have received a different request. Capture it \
             on the other side of the proxy.{time}"
        );
    }

    /// Explains the rejection of a body that does not match the signed digest.
    pub(super) fn changed_body(&mut self, reason: Reason) {
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

    pub(super) fn unknown_body(&self, reason: Reason) -> Change {
        let encoding = self.request.header("content-encoding").unwrap_or_default().to_ascii_lowercase();
        let body = self.request.body.as_deref().unwrap_or_default();
        let is_plain = !body.starts_with(&[0x1f, 0x8b]) && core::str::from_utf8(body).is_ok();
        let sentence = if reason == Reason::MissingCoverage {
            "the signature does not cover the body: the body was added in transit, or the sender did not sign it".to_owned()
        } else if is_plain && ["gzip", "deflate", "br", "zstd"].contains(&encoding.as_str()) {
            format!(
                "the body was decompressed in transit: it was signed with the encoding {encoding}; verify the request before the body is decompressed"
            )
        } else {
            "the head was not changed, but the body was changed in transit".to_owned()
        };
        Change { culprit: "body", sentence }
    }

    /// Explains why the settings of the verifier reject a valid signature.
    pub(super) fn not_allowed(&mut self, rejection: &Rejection) {
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
}
