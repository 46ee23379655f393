//! The messages used in results.

use sealwire_core::{Reason, Scheme};

use super::checks;
use super::log::Logged;
use super::result::{Change, Explanation};

/// Returns the result for a capture that is only a log record. No cause can be proven, because a log record
/// contains no signature.
pub(super) fn of_record(record: &Logged) -> Explanation {
    let reason = record.reason.unwrap_or(Reason::MissingHeaders);
    let field = record.field.as_ref().map(|field| format!(" ({field})")).unwrap_or_default();
    Explanation {
        sentence: format!(
            "the log record contains {reason}{field}: {}. A record contains no signature, so the cause cannot be proven: capture \
             the request and pass the record as its log line",
            meaning(reason)
        ),
        scheme: record.scheme.map(Scheme::name),
        sender: record.sender.clone(),
        reason: Some(reason),
        logged: Some(reason),
        checks: checks::of_reason(reason),
        untested: vec![
            "everything that requires the signature, which a log record does not contain".to_owned(),
        ],
        ..Explanation::default()
    }
}

/// Returns a short explanation of a rejection reason.
fn meaning(reason: Reason) -> &'static str {
    match reason {
        Reason::MissingHeaders => "the sender did not sign, or a proxy removed headers",
        Reason::MalformedHeader => "a header that the scheme uses is malformed",
        Reason::DuplicateHeader => "a header that the scheme uses occurs more than once",
        Reason::MalformedToken => "the connection string cannot be parsed",
        Reason::UnknownClient => "the verifier has no key for the sender",
        Reason::SenderNotAllowed => "the policy does not allow the request",
        Reason::MissingKeyVersion => "the request contains no key version",
        Reason::UnknownKeyVersion => "the verifier does not have the key version that the request specifies",
        Reason::AuthorityNotServed => "the signed host is not one of the verifier's authorities",
        Reason::StaleTimestamp => "the timestamp was too old on arrival",
        Reason::FutureTimestamp => "the timestamp was in the future on arrival",
        Reason::TokenExpired => "the signature had expired on arrival",
        Reason::SignatureMismatch => "another key was used, or a signed part was changed",
        Reason::BodyDigestMismatch => "the body was changed",
        Reason::BodyTooLarge => "the body exceeded the limit",
        Reason::MissingCoverage => "the signature does not cover a required component",
        Reason::BodyTimeout => "the body did not arrive in time",
        Reason::Replayed => "the request was received a second time",
        Reason::ReplayStoreFull => "the replay table was full",
        Reason::ReplayStoreUnavailable => "the replay store did not respond",
        Reason::SenderShareExceeded => "the sender exceeded its share of the replay table",
        _ => "see the list of reasons",
    }
}

/// Returns the cause shown by the log record of a valid captured request. The record must belong to that
/// request.
pub(super) fn of_log(logged: &Logged, path: &str) -> Option<Change> {
    let change = |culprit, sentence: String| Some(Change { culprit, sentence });
    let reason = logged.reason?;
    if let Some(other) = logged.other_path(path) {
        return change(
            "path",
            format!(
                "the captured request is valid, but the verifier received the path {other}, so the path was rewritten in transit"
            ),
        );
    }
    match reason {
        Reason::Replayed => change(
            "replay",
            "the captured request is valid, and the verifier had already accepted it: a client or proxy sent it a second time \
             with the same signature, or another request used the same request id"
                .to_owned(),
        ),
        Reason::ReplayStoreFull | Reason::ReplayStoreUnavailable | Reason::SenderShareExceeded => change(
            "replay store",
            format!("the captured request is valid, but the verifier could not store its nonce: {}", meaning(reason)),
        ),
        Reason::UnknownClient | Reason::UnknownKeyVersion if logged.sender.is_some() => change(
            "key",
            format!(
                "the captured request is valid with this key file, but the verifier logged {reason}: its keys differ from those in this file"
            ),
        ),
        _ => None,
    }
}

/// Returns the advice to show if the log line belongs to another request.
pub(super) fn of_other_request(part: &str) -> String {
    format!(
        "The log line belongs to another request, because it contains {part}; pass the log line for this request."
    )
}

/// Returns descriptions of the causes that cannot be tested for a request signed with this scheme.
pub(super) fn untested(scheme: Scheme, covers_authority: bool, has_body: bool) -> Vec<String> {
    let mut untested = vec!["a secret that is not in the key file".to_owned()];
    if covers_authority {
        untested.push(
            "hosts that are neither in the headers nor in the settings; add the host to which the sender sends requests (hosts, --host)"
                .to_owned(),
        );
    }
    match scheme {
        Scheme::Client => untested.push(format!(
            "a request id that was replaced and is in no other header; compare {} with the one the sender logged, because some \
             proxies replace it",
            sealwire_core::client::REQUEST_ID
        )),
        Scheme::Pairwise if !has_body => {
            untested.push("the body, because the MAC covers it and the capture does not contain it".to_owned());
        }
        Scheme::Pairwise => {
            untested.push("any other change of the body, because the MAC covers it directly".to_owned());
        }
        _ => {}
    }
    untested.push(
        "more than three changes at once; capture the request at the sender, too (sent, --sent)".to_owned(),
    );
    untested
}
