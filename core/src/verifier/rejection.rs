//! A rejection: details for the log, and the public text for the caller.

use crate::bytes::text::Text;
use crate::policy::Policy;
use crate::policy::mode::Mode;
use crate::schemes::{Credentials, client, message, pairwise};
use crate::wire::grammar::{MAX_ID_BYTES, canonical_name};
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// A rejected request: the reason, and details for the log. Contains no signature, secret or body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// The reason.
    pub reason: Reason,
    /// The scheme the request was verified by; the most preferred scheme when the request has none.
    pub scheme: Scheme,
    /// The header or component at fault, where one is.
    pub field: Option<&'static str>,
    /// The canonical name of the claimed sender, not authenticated. Bytes other than visible ASCII are replaced by `?`. Empty
    /// when the request names no sender.
    pub sender: Text<MAX_ID_BYTES>,
    /// The key version as claimed.
    pub key_version: Option<u32>,
    /// The age by the claimed timestamp, in milliseconds; negative when the timestamp is in the future.
    pub age_ms: Option<i64>,
    /// The mode for this sender: the caller is rejected only under [`Mode::Enforce`].
    pub mode: Mode,
    /// Whether the request's MAC was valid, so that the caller holds a key. Only such a rejection may be signed: a signature
    /// on any other one reveals which senders exist.
    pub mac_was_valid: bool,
}

/// A fault, and whether it was found after the MAC was valid.
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
    /// The HTTP status of the response.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.reason.http_status()
    }

    /// The text for the caller, as the scheme words it.
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

/// The rejection of a request that could be read.
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
        age_ms: credentials.claims.created.ok().map(|created| created.age_ms(now_ms)),
        mode: policy.mode_for(credentials.claims.sender()),
        mac_was_valid,
    }
}

/// The rejection of a request that could not be read. Its sender is the name in the scheme's header, for the
/// log and the mode only.
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
