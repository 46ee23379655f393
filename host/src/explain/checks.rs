//! The results of the verifier's checks, in the order in which the verifier performs them.

use sealwire_core::{BodyRule, Reason};

use super::result::Check;

/// The names of the checks, in the order in which the verifier performs them.
const NAMES: [&str; 7] = ["headers", "sender", "key version", "time", "mac", "body", "replay"];
const TIME: usize = 3;
const MAC: usize = 4;
const BODY: usize = 5;
const REPLAY: usize = 6;

pub(super) const PASSED: &str = "passed";
pub(super) const FAILED: &str = "failed";
const NOT_REACHED: &str = "not reached";
const NOT_TESTED: &str = "not tested";

/// The facts about a request that determine the results of the checks.
pub(super) struct Facts {
    /// The reason for the rejection. It determines which check failed.
    pub(super) failed: Option<Reason>,
    pub(super) detail: String,
    /// Whether the time check passed or failed, with a detail for display. `None` means that the time of
    /// arrival is unknown.
    pub(super) time: Option<Result<String, String>>,
    pub(super) body: Option<BodyRule>,
    pub(super) has_body: bool,
    pub(super) was_replayed: bool,
}

/// Returns the index in `NAMES` of the check that fails with this reason.
pub(super) const fn place(reason: Reason) -> usize {
    match reason {
        Reason::UnknownClient | Reason::SenderNotAllowed | Reason::AuthorityNotServed => 1,
        Reason::UnknownKeyVersion => 2,
        Reason::StaleTimestamp | Reason::FutureTimestamp | Reason::TokenExpired => TIME,
        Reason::SignatureMismatch => MAC,
        Reason::BodyDigestMismatch | Reason::BodyTooLarge | Reason::BodyTimeout => BODY,
        Reason::Replayed
        | Reason::ReplayStoreFull
        | Reason::ReplayStoreUnavailable
        | Reason::SenderShareExceeded => REPLAY,
        _ => 0,
    }
}

pub(super) fn is_of_time(reason: Reason) -> bool {
    place(reason) == TIME
}

/// Returns all checks with their results.
pub(super) fn all(facts: &Facts) -> Vec<Check> {
    let failed = facts.failed.map(place);
    let checks = NAMES.into_iter().enumerate().map(|(at, name)| {
        let (result, detail) = if failed.is_some_and(|failed| at > failed) {
            (NOT_REACHED, String::new())
        } else if failed == Some(at) {
            (FAILED, facts.detail.clone())
        } else {
            one(facts, at)
        };
        Check { name, result, detail }
    });
    checks.collect()
}

/// Returns the result and the detail of a check before the failed one.
fn one(facts: &Facts, at: usize) -> (&'static str, String) {
    match at {
        TIME => match &facts.time {
            Some(Ok(detail)) => (PASSED, detail.clone()),
            Some(Err(detail)) => (FAILED, detail.clone()),
            None => (NOT_TESTED, "the time of arrival is not known".to_owned()),
        },
        MAC if matches!(facts.body, Some(BodyRule::InMac)) && !facts.has_body => {
            (NOT_TESTED, "the MAC covers the body, which the capture does not contain".to_owned())
        }
        BODY => match facts.body {
            Some(BodyRule::Unsigned) => (PASSED, "the scheme does not sign the body".to_owned()),
            _ if !facts.has_body => (NOT_TESTED, "the capture does not contain the body".to_owned()),
            _ => (PASSED, String::new()),
        },
        REPLAY if facts.was_replayed => (FAILED, "the log contains it".to_owned()),
        REPLAY => (NOT_TESTED, "the replay store is not part of a capture".to_owned()),
        _ => (PASSED, String::new()),
    }
}

/// Returns the results of all checks for a rejection with this reason: the earlier checks passed, and the
/// later checks did not run.
pub(super) fn of_reason(reason: Reason) -> Vec<Check> {
    let checks = NAMES.into_iter().enumerate().map(|(at, name)| {
        let result = match at.cmp(&place(reason)) {
            core::cmp::Ordering::Less => PASSED,
            core::cmp::Ordering::Equal => FAILED,
            core::cmp::Ordering::Greater => NOT_REACHED,
        };
        let detail = if result == FAILED { reason.name().to_owned() } else { String::new() };
        Check { name, result, detail }
    });
    checks.collect()
}
