//! Rejections, with details for the log and a public message for the caller.

use crate::bytes::text::Text;
use crate::policy::Policy;
use crate::policy::mode::Mode;
use crate::policy::window::UNKNOWN_TIME_MS;
use crate::schemes::{Credentials, client, message, pairwise};
use crate::wire::grammar::{MAX_ID_BYTES, canonical_name};
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// A rejected request, with the reason and details for the log. A rejection contains no signature, secret or
/// body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The reason for the rejection.
    pub reason: Reason,
    /// The scheme of the signature. If the request has no signature, this is the preferred scheme in the
    /// policy.
    pub scheme: Scheme,
    /// The name of the header or component that caused the rejection, if it was a single one.
    pub field: Option<&'static str>,
    /// The canonical name of the sender in the request. The name is not authenticated. Bytes that are not
    /// visible ASCII are replaced by `?`. The name is empty if the request contains no sender.
    pub sender: Text<MAX_ID_BYTES>,
    /// The key version in the request.
    pub key_version: Option<u32>,
    /// The age of the request in milliseconds, computed from its unverified timestamp. The age is negative if
    /// the timestamp is in the future.
    pub age_ms: Option<i64>,
    /// The mode for this sender. Only [`Mode::Enforce`] leads to an error response.
    pub mode: Mode,
    /// Whether the MAC of the request was checked and valid. If this is `false`, a server must not sign the
    /// response, because the signature would reveal which senders exist.
    pub mac_was_valid: bool,
}

/// A fault, and whether the MAC was valid. The MAC can be valid even though a later check fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Failure {
    pub(crate) fault: Fault,
    pub(crate) mac_was_valid: bool,
}

impl Failure {
    pub(crate) const fn before_mac(fault: Fault) -> Self {
        Self { fault, mac_was_valid: false }
    }

    pub(crate) const fn after_mac(fault: Fault) -> Self {
        Self { fault, mac_was_valid: true }
    }
}

impl Rejection {
    /// Returns the HTTP status of the response.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.reason.http_status()
    }

    /// Returns the public message for the caller, as defined by the scheme.
    #[must_use]
    pub fn public_text(&self) -> &'static str {
        match self.reason {
            Reason::BodyTooLarge => "Body too large",
            Reason::BodyTimeout => "Body not received in time",
            Reason::SenderShareExceeded => "Too many requests",
            Reason::ReplayStoreFull | Reason::ReplayStoreUnavailable => "Replay store unavailable",
            reason => match self.scheme {
                Scheme::Message => message::read::public_text(reason),
                Scheme::Pairwise => pairwise::public_text(reason, self.field),
                Scheme::Client => client::public_text(reason, self.field),
            },
        }
    }
}

impl core::fmt::Display for Rejection {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} request rejected: {}", self.scheme, self.reason)?;
        self.field.map_or(Ok(()), |field| write!(f, " ({field})"))
    }
}

impl core::error::Error for Rejection {}

/// Creates the rejection of a request whose credentials were parsed successfully.
#[cold]
pub(crate) fn rejected(
    policy: &Policy,
    credentials: &Credentials<'_, '_>,
    now_ms: u64,
    Failure { fault, mac_was_valid }: Failure,
) -> Rejection {
    Rejection {
        reason: fault.reason,
        scheme: credentials.scheme,
        field: fault.field,
        sender: Text::printable(credentials.claims.sender().as_bytes()),
        key_version: credentials.claims.key_version,
        age_ms: known_age_ms(credentials, now_ms),
        mode: policy.mode_for(credentials.claims.sender()),
        mac_was_valid,
    }
}

fn known_age_ms(credentials: &Credentials<'_, '_>, now_ms: u64) -> Option<i64> {
    let created = credentials.claims.created.ok()?;
    (now_ms != UNKNOWN_TIME_MS).then(|| created.age_ms(now_ms))
}

/// Creates the rejection of a request whose credentials could not be parsed. The sender is read from the
/// scheme's header, and is used only for the log and to select the mode.
#[cold]
pub(crate) fn unread(policy: &Policy, scheme: Scheme, request: &Request<'_>, fault: Fault) -> Rejection {
    let claimed = match scheme {
        Scheme::Message => None,
        Scheme::Pairwise => request.single(pairwise::SERVICE_NAME).ok().flatten(),
        Scheme::Client => request.single(client::CLIENT_ID).ok().flatten(),
    };
    let printable: Text<MAX_ID_BYTES> = Text::printable(claimed.unwrap_or_default());
    let sender = Text::printable(canonical_name(printable.as_str()).as_bytes());
    let mode = policy.mode_for(sender.as_str());
    Rejection {
        reason: fault.reason,
        scheme,
        field: fault.field,
        sender,
        key_version: None,
        age_ms: None,
        mode,
        mac_was_valid: false,
    }
}
