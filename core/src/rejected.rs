//! A rejection with what the log may know of it, and the text the caller sees.

use crate::{MAX_ID_BYTES, Mode, Rejection, Scheme, Text, client, message, pairwise};

/// A rejected request: the reason, and for the log who claimed to send it. Holds no signature, secret or body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// Why.
    pub reason: Rejection,
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

impl Rejected {
    /// The HTTP status to answer with.
    #[must_use]
    pub const fn http_status(&self) -> u16 {
        self.reason.http_status()
    }

    /// All that the caller is told, in the scheme's own words.
    #[must_use]
    pub fn public_text(&self) -> &'static str {
        match self.reason {
            Rejection::BodyTooLarge => "Body too large",
            Rejection::ReplayStoreFull | Rejection::ReplayStoreUnavailable => "Replay store unavailable",
            reason => match self.scheme {
                Scheme::Message => message::public_text(reason),
                Scheme::Pairwise => pairwise::public_text(reason, self.field),
                Scheme::Client => client::public_text(reason, self.field),
            },
        }
    }
}

impl core::fmt::Display for Rejected {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} request rejected: {}", self.scheme, self.reason)?;
        self.field.map_or(Ok(()), |field| write!(f, " ({field})"))
    }
}

impl core::error::Error for Rejected {}

/// A reason and the header at fault, before the pipeline adds what else it knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) reason: Rejection,
    pub(crate) field: Option<&'static str>,
}

impl Fault {
    pub(crate) const fn malformed(field: &'static str) -> Self {
        Self { reason: Rejection::MalformedHeader, field: Some(field) }
    }
}

impl From<Rejection> for Fault {
    fn from(reason: Rejection) -> Self {
        Self { reason, field: None }
    }
}
