//! The claims of a request, common to all schemes.

use crate::keys::source::KeyName;
use crate::mac::sha256::Mac;
use crate::policy::window::Timestamp;
use crate::wire::grammar::canonical_name;
use crate::wire::reason::Fault;

/// The unverified claims of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claims<'a> {
    /// The sender's name as sent.
    pub(crate) name_as_sent: &'a str,
    /// The name of the key set.
    pub(crate) key: KeyName<'a>,
    /// The key version, where the wire carries one.
    pub(crate) key_version: Option<u32>,
    pub(crate) created: Result<Timestamp, Fault>,
    pub(crate) expires: Option<Timestamp>,
    /// The nonce to claim, if the scheme has one.
    pub(crate) nonce: Option<&'a str>,
    /// Whether the scheme's documented order looks the nonce up before the MAC.
    pub(crate) looks_before_mac: bool,
    pub(crate) signature: Signature<'a>,
    pub(crate) user_id: Option<&'a str>,
}

impl<'a> Claims<'a> {
    /// The sender's canonical name.
    #[inline]
    pub(crate) fn sender(&self) -> &'a str {
        canonical_name(self.name_as_sent)
    }
}

/// The MAC received.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signature<'a> {
    /// Already decoded: the scheme rejects a malformed MAC before any other check.
    Read(Mac),
    /// In hex, with the name of its header. The scheme's documented order decodes it after the other checks.
    Hex(&'a [u8], &'static str),
}

impl Signature<'_> {
    #[inline]
    pub(crate) fn mac(&self) -> Result<Mac, Fault> {
        match self {
            Self::Read(mac) => Ok(*mac),
            Self::Hex(text, header) => Mac::from_hex(text).ok_or(Fault::malformed(header)),
        }
    }
}
