//! A rejection with what the log may know of it, and the text the caller sees.

use crate::bytes::text::Text;
use crate::policy::Policy;
use crate::policy::mode::Mode;
use crate::schemes::{Credentials, client, message, pairwise};
use crate::wire::grammar::MAX_ID_BYTES;
use crate::wire::reason::{Fault, Reason};
use crate::wire::request::Request;
use crate::wire::scheme::Scheme;

/// A rejected request: the reason, and for the log who claimed to send it. Holds no signature, secret or body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejection {
    /// Why.
    pub reason: Reason,
    /// The scheme it was judged by; the most preferred one when none was present.
    pub scheme: Scheme,
    /// The header or component at fault, where one is.
    pub field: Option<&'static str>,
    /// The sender as claimed, not authenticated, with everything but visible ASCII shown as `?`; may be empty.
    pub sender: Text<MAX_ID_BYTES>,
    /// The key version as claimed.
    pub key_version: Option<u32>,
    /// How old the request says it is, in milliseconds; negative when it lies ahead.
    pub age_ms: Option<i64>,
    /// What the policy does with it: only [`Mode::Enforce`] turns the caller away.
    pub mode: Mode,
}

impl Rejection {
    /// The HTTP status to answer with.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.reason.http_status()
    }

    /// All that the caller is told, in the scheme's own words.
    #[must_use]
    pub fn public_text(&self) -> &'static str {
        match self.reason {
            Reason::BodyTooLarge => "Body too large",
            Reason::BodyTimeout => "Body not received in time",
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
    fault: Fault,
) -> Rejection {
    Rejection {
        reason: fault.reason,
        scheme: credentials.scheme,
        field: fault.field,
        sender: Text::printable(credentials.claims.sender.as_bytes()),
        key_version: credentials.claims.key_version,
        age_ms: credentials.claims.created.ok().map(|created| created.age_ms(now_ms)),
        mode: policy.mode_for(credentials.claims.sender),
    }
}

/// The rejection of a request that could not be read. Its sender is whoever the scheme's own header names, for the log
/// and the mode alone.
#[cold]
pub(crate) fn unread(policy: &Policy, scheme: Scheme, request: &Request<'_>, fault: Fault) -> Rejection {
    let claimed = match scheme {
        Scheme::Message => None,
        Scheme::Pairwise => request.single(pairwise::SERVICE_NAME).ok().flatten(),
        Scheme::Client => request.single(client::CLIENT_ID).ok().flatten(),
    };
    let sender = Text::printable(claimed.unwrap_or_default());
    let mode = policy.mode_for(sender.as_str());
    Rejection {
        reason: fault.reason,
        scheme,
        field: fault.field,
        sender,
        key_version: None,
        age_ms: None,
        mode,
    }
}
