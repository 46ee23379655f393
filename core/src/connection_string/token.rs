//! A parsed connection string before verification.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::beans;
use super::beans::{Beans, Parsed};
use crate::wire::reason::Reason;

/// The header that carries a connection string.
pub const HEADER: &str = "x-mycelium-connection-string";

/// The maximum length of a token in bytes; servers limit headers to about this size. The limit is checked
/// before parsing.
pub const MAX_TOKEN_BYTES: usize = 8192;

/// The buffer size in bytes that is sufficient for the beans of any token.
pub const MAX_BEANS_BYTES: usize = MAX_TOKEN_BYTES / 4 * 3;

/// The buffer size for tokens with a few roles. Clearing a buffer of the maximum size would add a tenth to
/// the verification time of such tokens.
const USUAL_BEANS_BYTES: usize = 768;

/// A parsed connection string. **Its contents are not verified**; call [`ConnectionString::verify`].
#[derive(Clone, Copy)]
pub struct ConnectionString<'a> {
    pub(super) token: &'a [u8],
    pub(super) parsed: Parsed<'a>,
}

impl<'a> ConnectionString<'a> {
    /// Decodes a token into `buffer`, which needs three bytes for each four bytes of the token.
    /// [`MAX_BEANS_BYTES`] is always sufficient.
    ///
    /// # Errors
    /// [`Reason::MalformedToken`] if the token does not parse, or exceeds [`MAX_TOKEN_BYTES`] or the buffer.
    pub fn decode(token: &'a [u8], buffer: &'a mut [u8]) -> Result<Self, Reason> {
        Self::try_decode(token, buffer).ok_or(Reason::MalformedToken)
    }

    /// Decodes a token into a buffer on the stack and passes the result to `then`.
    pub fn read<T>(token: &[u8], then: impl FnOnce(Result<ConnectionString<'_>, Reason>) -> T) -> T {
        if token.len() <= USUAL_BEANS_BYTES / 3 * 4 {
            then(ConnectionString::decode(token, &mut [0; USUAL_BEANS_BYTES]))
        } else {
            then(ConnectionString::decode(token, &mut [0; MAX_BEANS_BYTES]))
        }
    }

    /// Returns the unverified contents of the token, for inspection only.
    #[must_use]
    pub const fn unverified_beans(&self) -> &Beans<'a> {
        &self.parsed.beans
    }

    /// Returns the unverified key version, if present.
    #[must_use]
    pub const fn unverified_key_version(&self) -> Option<u32> {
        self.parsed.key_version
    }

    // Uses `base64` instead of `base64ct`: the holder of a token knows its contents, so constant time has no
    // benefit. It would cost as much as the MAC (355 ns instead of 74 ns for 280 bytes). `STANDARD` requires
    // canonical padding and zero trailing bits, so each token has one encoding.
    fn try_decode(token: &'a [u8], buffer: &'a mut [u8]) -> Option<Self> {
        if token.len() > MAX_TOKEN_BYTES {
            return None;
        }
        let length = STANDARD.decode_slice(token, buffer).ok()?;
        let buffer: &'a [u8] = buffer;
        Some(Self { token, parsed: beans::parse(buffer.get(..length)?)? })
    }
}

// A token is a credential. Neither its contents nor its signature appear in the debug output.
impl core::fmt::Debug for ConnectionString<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("ConnectionString")
            .field("unverified_beans", &self.parsed.beans)
            .field("unverified_key_version", &self.parsed.key_version)
            .finish_non_exhaustive()
    }
}
