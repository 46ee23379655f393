//! The result of a successful verification.

use crate::wire::scheme::Scheme;

/// The sender of a verified request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The sender's canonical name: a service name or a client id, without the suffix `_service`.
    pub sender: &'a str,
    /// The sender's name as sent, which the MAC covers.
    pub name_as_sent: &'a str,
    /// The scheme that verified it.
    pub scheme: Scheme,
    /// The key version that matched.
    pub key_version: u32,
    /// The user the request is made for: signed under `message`, trusted by choice under `pairwise`, else `None`.
    pub user_id: Option<&'a str>,
    /// The nonce or request id; `None` where the scheme has none.
    pub nonce: Option<&'a str>,
    /// The age of the request, in milliseconds; negative when the sender's clock is ahead.
    pub age_ms: i64,
}
