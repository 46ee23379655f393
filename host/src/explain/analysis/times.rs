//! The analysis of the timestamp and the time of arrival.

use sealwire_core::Reason;

use super::{Analysis, PLAUSIBLE_MS};
use crate::explain::checks::is_of_time;
use crate::explain::result::Change;
use crate::explain::result::Outcome;

impl<'a> Analysis<'a> {
    /// Reports a wrong clock before all other causes, because the verifier checks the time before the MAC and
    /// the body.
    pub(super) fn name_clock_first(&mut self, created: u64) {
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
                format!("{sentence}; the MAC is invalid, too: {}", self.found.sentence)
            }
            _ => sentence,
        };
        self.found.changes.insert(0, Change { culprit: "clock", sentence });
        self.proven(self.found.reason.unwrap_or(Reason::StaleTimestamp));
    }

    /// Returns the message for a timestamp outside the time window. Returns `None` if neither the time of
    /// arrival nor the log shows that the timestamp was outside the window.
    pub(super) fn clock(&mut self, created: u64) -> Option<String> {
        if self.logged.reason.is_some_and(|reason| !is_of_time(reason)) {
            return None; // another check failed, so the time check passed
        }
        let compare =
            "compare the clocks of both sides, and check whether the request was delayed or sent again";
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
    pub(super) fn arrival(&self, created: u64) -> Option<(u64, String)> {
        let of_log = self.logged.age_ms.map(|age| (created.saturating_add_signed(age), "the age in the log"));
        let given = self.input.at_ms.map(|at| (at, "given"));
        let record = self.logged.at_ms.map(|at| (at, "the time of the log record"));
        let found = of_log.or(given).or(record).or(self.request.arrived);
        found.map(|(at, source)| (at, source.to_owned()))
    }
}
