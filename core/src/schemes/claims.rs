//! The claims of a request. All schemes use the same type.

use crate::keys::source::KeyName;
use crate::mac::sha256::Mac;
use crate::policy::window::Timestamp;
use crate::wire::grammar::canonical_name;
use crate::wire::reason::Fault;

/// The unverified claims of a request.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Claims<'a> {
    /// The name of the sender, exactly as received.
    pub(crate) name_as_sent: &'a str,
    /// The name of the key set.
    pub(crate) key: KeyName<'a>,
    /// The key version, if the request contains one.
    pub(crate) key_version: Option<u32>,
    pub(crate) created: Result<Timestamp, Fault>,
    pub(crate) expires: Option<Timestamp>,
    /// The nonce to record in the replay store, if the scheme has a nonce.
    pub(crate) nonce: Option<&'a str>,
    /// Whether a used nonce is rejected before the MAC is checked. The order of these checks is part of the
    /// scheme.
    pub(crate) looks_before_mac: bool,
    pub(crate) signature: Signature<'a>,
    pub(crate) user_id: Option<&'a str>,
}

impl<'a> Claims<'a> {
    /// Returns the canonical name of the sender.
    #[inline]
    pub(crate) fn sender(&self) -> &'a str {
        canonical_name(self.name_as_sent)
    }
}

/// The received MAC.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signature<'a> {
    /// A decoded MAC, for schemes that reject a malformed MAC before any other check.
    Read(Mac),
    /// A MAC in hex and the name of its header, for schemes that decode the MAC after the other checks.
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
