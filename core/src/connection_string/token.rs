//! A token that parses, before it is verified.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::beans;
use super::beans::{Beans, Parsed};
use crate::wire::reason::Reason;

/// The header that carries a connection string.
pub const HEADER: &str = "x-mycelium-connection-string";

/// The longest token that is read or issued, in bytes; servers cap a whole header near it. Checked first, so that a
/// longer one costs nothing.
pub const MAX_TOKEN_BYTES: usize = 8192;

/// A buffer of this size holds the beans of any token.
pub const MAX_BEANS_BYTES: usize = MAX_TOKEN_BYTES / 4 * 3;

/// Holds the beans of a token with a handful of roles. Clearing the largest buffer would cost a tenth of the
/// verification of such a token.
const USUAL_BEANS_BYTES: usize = 768;

/// A connection string that parses. **Nothing it says is verified**: see [`ConnectionString::verify`].
#[derive(Clone, Copy)]
pub struct ConnectionString<'a> {
    pub(super) token: &'a [u8],
    pub(super) parsed: Parsed<'a>,
}

impl<'a> ConnectionString<'a> {
    /// Decodes a token into `buffer`, which needs three bytes for every four of the token; [`MAX_BEANS_BYTES`] are
    /// always enough.
    ///
    /// # Errors
    /// [`Reason::MalformedToken`] when the token does not parse, is over [`MAX_TOKEN_BYTES`] or the buffer's size.
    pub fn decode(token: &'a [u8], buffer: &'a mut [u8]) -> Result<Self, Reason> {
        Self::try_decode(token, buffer).ok_or(Reason::MalformedToken)
    }

    /// Decodes a token into a buffer of its own, on the stack, and hands it to `then`.
    pub fn read<T>(token: &[u8], then: impl FnOnce(Result<ConnectionString<'_>, Reason>) -> T) -> T {
        if token.len() <= USUAL_BEANS_BYTES / 3 * 4 {
            then(ConnectionString::decode(token, &mut [0; USUAL_BEANS_BYTES]))
        } else {
            then(ConnectionString::decode(token, &mut [0; MAX_BEANS_BYTES]))
        }
    }

    /// Returns the unverified contents of the token, to inspect or explain it. Do not base decisions on it.
    #[must_use]
    pub const fn unverified_beans(&self) -> &Beans<'a> {
        &self.parsed.beans
    }

    /// The key version the token claims.
    #[must_use]
    pub const fn unverified_key_version(&self) -> Option<u32> {
        self.parsed.key_version
    }

    // The `base64` crate, not `base64ct`: the holder of a token knows its contents, so constant time has no
    // benefit here. It would cost as much as the MAC (355 ns instead of 74 for 280 bytes). `STANDARD` requires
    // canonical padding and zero trailing bits, so a token has one encoding.
    fn try_decode(token: &'a [u8], buffer: &'a mut [u8]) -> Option<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let length = STANDARD.decode_slice(token, buffer).ok()?;
        let buffer: &'a [u8] = buffer;
        Some(Self { token, parsed: beans::parse(buffer.get(..length)?)? })
    }
}

// A token is a credential: neither it nor its signature belongs in a log.
impl core::fmt::Debug for ConnectionString<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ConnectionString")
            .field("unverified_beans", &self.parsed.beans)
            .field("unverified_key_version", &self.parsed.key_version)
            .finish_non_exhaustive()
    }
}
