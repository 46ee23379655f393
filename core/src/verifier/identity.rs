//! The result of a successful verification.

use crate::wire::scheme::Scheme;

/// The verified sender of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Identity<'a> {
    /// The canonical name of the sender: a service name or a client id, without the suffix `_service`.
    pub sender: &'a str,
    /// The name of the sender, exactly as received. The MAC covers this spelling.
    pub name_as_sent: &'a str,
    /// The scheme of the signature.
    pub scheme: Scheme,
    /// The version of the matching key.
    pub key_version: u32,
    /// The user on whose behalf the request is sent. The `message` scheme signs the user id. The `pairwise`
    /// scheme does not sign the user id. For that scheme, the user id is present only if the policy trusts
    /// unsigned user ids.
    pub user_id: Option<&'a str>,
    /// The nonce or request id, or `None` if the scheme has none.
    pub nonce: Option<&'a str>,
    /// The age of the request in milliseconds. The age is negative if the clock of the sender is ahead.
    pub age_ms: i64,
}
