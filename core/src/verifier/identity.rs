//! The result of a successful verification.

use crate::wire::scheme::Scheme;

/// Who sent a request, as verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The sender: a service name or a client id.
    pub sender: &'a str,
    /// The scheme that proved it.
    pub scheme: Scheme,
    /// The key version that matched.
    pub key_version: u32,
    /// The user the request is made for: signed under `message`, trusted by choice under `pairwise`, else `None`.
    pub user_id: Option<&'a str>,
    /// The nonce or request id; `None` where nothing is claimed.
    pub nonce: Option<&'a str>,
    /// How old the request was, in milliseconds; negative when its clock ran ahead.
    pub age_ms: i64,
}
