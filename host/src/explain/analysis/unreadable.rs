//! The analysis of requests that the verifier rejects before it computes the MAC.

use sealwire_core::Reason;
use sealwire_core::Rejection;
use sealwire_core::message;

use super::{
    AUTHORITY, Analysis, HOST, MOST_COMPARED, MOST_COMPARED_BYTES, MOST_DOUBLED, USUAL_COMPONENTS,
    is_omitted_by_browsers,
};
use crate::explain::capture::SIGNATURE_HEADERS;
use crate::explain::covered::coverage;
use crate::explain::covered::is_signed_as_named;

impl<'a> Analysis<'a> {
    /// Explains the rejection of a request that contains no signature.
    pub(super) fn unsigned(&mut self) {
        let wanted = SIGNATURE_HEADERS.join(" or ");
        if self.request.has_all_headers {
            let sentence = format!(
                "it has no signature: {wanted} is missing; check that the sender signs, and that no proxy removes headers"
            );
            self.failed(Reason::MissingHeaders, "missing header", sentence);
        } else {
            self.found.sentence = format!(
                "the capture has no signature ({wanted}), but this form of capture does not contain all headers; capture the \
                 request with curl -v or at the verifier"
            );
        }
    }

    /// Explains the rejection of a request whose signature headers cannot be parsed.
    pub(super) fn unreadable(&mut self, rejection: &Rejection) {
        self.found.scheme = Some(rejection.scheme.name());
        self.found.reason = Some(rejection.reason);
        let field = rejection.field.unwrap_or(message::SIGNATURE_INPUT);
        let count = self.request.count(field);
        let is_complete = self.request.has_all_headers;
        match rejection.reason {
            Reason::MissingHeaders if self.request.header(field).is_none_or(str::is_empty) => {
                let sentence = format!(
                    "{field} is missing; check that the sender sends it, and that no proxy removes it"
                );
                return self.shown(rejection.reason, "missing header", sentence);
            }
            Reason::DuplicateHeader => {
                let sentence =
                    format!("{field} occurs {count} times; check whether a proxy adds it a second time");
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
            let sentence = format!(
                "{name} occurs {} times; check whether a proxy adds it a second time",
                self.request.count(name)
            );
            return self.shown(rejection.reason, "doubled header", sentence);
        }
        // A header may have been added or changed after the request was signed.
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
                    "{name} is missing, and the signature covers it; check that the sender sends it, and that no proxy removes it"
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
                        "the signature does not cover {field}, which is required, and the MAC is invalid, too"
                    )
                } else if reason == Reason::UnknownClient {
                    format!("no signature was made for the receiver {}", self.service())
                } else {
                    format!("no signature in {field} matches the other headers")
                };
                self.unexplained(reason, &format!("{what}; the header may have been changed"));
            }
        }
    }

    pub(super) fn covers_host(&self) -> bool {
        coverage(&self.bench, &self.request).error.is_some_and(|error| error.component.as_str() == AUTHORITY)
    }

    /// Explains the rejection of a request whose `Host` header is missing, malformed or repeated.
    pub(super) fn without_authority(&mut self) {
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
                let sentence =
                    format!("{host} occurs {count} times; check whether a proxy adds it a second time");
                self.shown(Reason::MalformedHeader, "doubled header", sentence);
            }
        }
    }

    /// Returns `true` if the request has a header with a similar name, or if a common component has a similar
    /// name. In that case, the name in the signature may have been changed in transit.
    pub(super) fn is_nearly_a_header(&self, name: &str) -> bool {
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

    /// Reports a repeated header if the signature becomes valid when only one of its lines is kept. Returns
    /// `false` if there is no such header.
    pub(super) fn doubled(&mut self, reason: Reason) -> bool {
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
            "{name} occurs {count} times, but the signature is valid with only one of them; check whether a proxy adds the header a second time"
        );
        self.shown(reason, "doubled header", sentence);
        true
    }

    /// Returns the names of the headers that occur more than once.
    pub(super) fn doubled_names(&self) -> Vec<String> {
        let mut names: Vec<String> = Vec::new();
        for (name, _) in &self.request.headers {
            let is_new = !names.iter().any(|held| held.eq_ignore_ascii_case(name));
            if is_new && names.len() < MOST_DOUBLED && self.request.count(name) > 1 {
                names.push(name.clone());
            }
        }
        names
    }
}
