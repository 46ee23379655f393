//! A parsed connection string before verification.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::beans;
use super::beans::{Beans, Parsed};
use crate::wire::reason::Reason;

/// The header that contains a connection string.
pub const HEADER: &str = "x-mycelium-connection-string";

/// The maximum length of a token in bytes. Servers usually accept headers up to about this size. The length
/// is checked before the token is parsed.
pub const MAX_TOKEN_BYTES: usize = 8192;

/// The buffer size in bytes that is sufficient for the decoded beans of any token.
pub const MAX_BEANS_BYTES: usize = MAX_TOKEN_BYTES / 4 * 3;

/// The buffer size in bytes for tokens with few roles. Initialising a buffer of the maximum size would
/// increase the verification time of these tokens by 10 %.
const USUAL_BEANS_BYTES: usize = 768;

/// A parsed connection string. **Its contents are not verified**; call [`ConnectionString::verify`].
#[derive(Clone, Copy)]
pub struct ConnectionString<'a> {
    pub(super) token: &'a [u8],
    pub(super) parsed: Parsed<'a>,
}

impl<'a> ConnectionString<'a> {
    /// Decodes a token into `buffer`, which must have at least three bytes for every four bytes of the token.
    /// A buffer of [`MAX_BEANS_BYTES`] is always sufficient.
    ///
    /// # Errors
    /// [`Reason::MalformedToken`] if the token has invalid syntax, is longer than [`MAX_TOKEN_BYTES`] or does
    /// not fit into the buffer.
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

    // `base64` is used instead of the constant-time `base64ct`. The client knows the contents of its token,
    // so constant time has no benefit. For 280 bytes, `base64` takes 74 ns and `base64ct` takes 355 ns, which
    // is as long as the MAC computation. `STANDARD` requires canonical padding and zero trailing bits, so
    // each token has exactly one encoding.
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
