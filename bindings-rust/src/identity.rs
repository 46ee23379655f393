//! The sender of a verified request.

use sealwire_core::{Identity as CoreIdentity, Scheme};

/// The sender of a verified request. `VerifyLayer` and the actix middleware store it in the extensions of the request.
///
/// ```
/// use sealwire::{Identity, KeyRing, KeySet, ReplayTable, Scheme, Signer, Verifier};
///
/// let keys = KeyRing::builder().client("billing", KeySet::new(1, b"32 bytes or more, of a CSPRNG's.")).build()?;
/// let signer = Signer::builder("billing", &keys).schemes([Scheme::Client]).build()?;
/// let verifier = Verifier::builder("", &keys).schemes([Scheme::Client]).replay(ReplayTable::heap()?).build()?;
///
/// let request = signer.sign(http::Request::get("/auth/me").body("")?)?;
/// let identity: Identity = verifier.verify(&request)?;
/// assert_eq!((identity.sender.as_str(), identity.key_version), ("billing", 1));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// The canonical name of the sender, which is a service name without the suffix `_service`, or a client
    /// id.
    pub sender: String,
    /// The name that the sender used in the request. The MAC covers this spelling of the name.
    pub name_as_sent: String,
    /// The scheme of the signature.
    pub scheme: Scheme,
    /// The version of the key that produced a matching MAC.
    pub key_version: u32,
    /// The id of the user on whose behalf the request was sent, or `None` if the id is neither signed nor
    /// trusted.
    pub user_id: Option<String>,
    /// The nonce or request id, if the signature scheme has one.
    pub nonce: Option<String>,
    /// The age of the request in milliseconds. It is negative if the clock of the sender is ahead.
    pub age_ms: i64,
}

impl From<CoreIdentity<'_>> for Identity {
    fn from(identity: CoreIdentity<'_>) -> Self {
        Self {
            sender: identity.sender.to_owned(),
            name_as_sent: identity.name_as_sent.to_owned(),
            scheme: identity.scheme,
            key_version: identity.key_version,
            user_id: identity.user_id.map(ToOwned::to_owned),
            nonce: identity.nonce.map(ToOwned::to_owned),
            age_ms: identity.age_ms,
        }
    }
}
