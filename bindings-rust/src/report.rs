//! Reports accepted and rejected requests as metrics and as `tracing` events. Reports never contain a
//! signature, a secret or a body.
#![cfg_attr(
    not(all(feature = "metrics", feature = "tracing")),
    allow(unused_variables, reason = "the parameters are used only with these features")
)]

use std::time::Duration;

#[cfg(feature = "tracing")]
use sealwire_core::Mode;

use crate::head::Head;
use crate::identity::Identity;
use crate::rejection::Rejection;
use crate::verifier::Verifier;

pub(crate) fn accepted(identity: &Identity, verifier: &Verifier, head: &Head<'_>, elapsed: Duration) {
    #[cfg(feature = "metrics")]
    crate::metrics::accepted(identity, elapsed);
    #[cfg(feature = "tracing")]
    tracing::info!(
        target: "sealwire",
        sealwire_event = "accepted",
        sealwire_service = &*verifier.0.service,
        sealwire_sender = identity.sender,
        sealwire_scheme = identity.scheme.name(),
        sealwire_key_version = identity.key_version,
        sealwire_age_ms = identity.age_ms,
        sealwire_method = shown(head.request().method),
        sealwire_path = shown(head.request().path()),
        sealwire_peer = head.peer,
        "request accepted"
    );
}

/// Reports a rejection. The caller does not report rejections under the mode `off`.
pub(crate) fn rejected(rejection: &Rejection, verifier: &Verifier, head: &Head<'_>, elapsed: Duration) {
    #[cfg(feature = "metrics")]
    crate::metrics::rejected(rejection, elapsed);
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "sealwire",
        sealwire_event = if rejection.mode() == Mode::Enforce { "rejected" } else { "observed" },
        sealwire_reason = rejection.reason().name(),
        sealwire_field = rejection.field(),
        sealwire_service = &*verifier.0.service,
        sealwire_sender = rejection.sender(),
        sealwire_scheme = rejection.scheme().name(),
        sealwire_key_version = rejection.key_version(),
        sealwire_age_ms = rejection.age_ms(),
        sealwire_method = shown(head.request().method),
        sealwire_path = shown(head.request().path()),
        sealwire_peer = head.peer,
        "request rejected"
    );
}

/// The maximum length of a method or path in an event, in bytes.
#[cfg(feature = "tracing")]
const MAX_SHOWN: usize = 256;

/// Escapes and truncates bytes from a request. Without escaping, a request could forge log lines.
#[cfg(feature = "tracing")]
fn shown(bytes: &[u8]) -> String {
    let mut text: String =
        bytes.iter().take(MAX_SHOWN).flat_map(|byte| byte.escape_ascii()).map(char::from).collect();
    text.truncate(MAX_SHOWN);
    text
}
