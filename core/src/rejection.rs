//! A rejection with what the log may know of it, and the text the caller sees.

use crate::{MAX_ID_BYTES, Mode, Reason, Scheme, Text, client, message, pairwise};

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
            Reason::ReplayStoreFull | Reason::ReplayStoreUnavailable => "Replay store unavailable",
            reason => match self.scheme {
                Scheme::Message => message::public_text(reason),
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

/// A reason and the header at fault, before the pipeline adds what else it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: Reason,
    pub(crate) field: Option<&'static str>,
}

impl Fault {
    pub(crate) const fn malformed(field: &'static str) -> Self {
        Self { reason: Reason::MalformedHeader, field: Some(field) }
    }
}

impl From<Reason> for Fault {
    fn from(reason: Reason) -> Self {
        Self { reason, field: None }
    }
}
