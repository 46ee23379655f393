//! Verifies connection strings. [`ConnectionString::verify`] describes the order of the checks.

use super::beans::Beans;
use super::token::ConnectionString;
use crate::bytes::base64;
use crate::keys::key_set::KeySet;
use crate::mac::sha512::{HmacSha512, HmacSha512Stream};
use crate::wire::reason::Reason;

/// A connection string with a verified MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedConnectionString<'a> {
    beans: Beans<'a>,
    key_version: u32,
}

/// Determines whether expired tokens are rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Expiry {
    /// Expired tokens are rejected.
    #[default]
    Checked,
    /// Expired tokens are accepted. Use this value only in tools that inspect tokens, never for requests.
    Ignored,
}

impl<'a> VerifiedConnectionString<'a> {
    /// Returns the contents of the token.
    #[must_use]
    pub const fn beans(&self) -> &Beans<'a> {
        &self.beans
    }

    /// Returns the version of the key that signed the token.
    #[must_use]
    pub const fn key_version(&self) -> u32 {
        self.key_version
    }
}

impl<'a> ConnectionString<'a> {
    /// Verifies the MAC and the expiry. A token is still valid during the second of its expiry time. `now_s`
    /// is the Unix time in seconds. A successful verification is recorded in the usage counters of the key.
    ///
    /// # Errors
    /// The checks have this order:
    ///
    /// 1. [`Reason::MissingKeyVersion`] if the token has no `kvr` or `sig` bean.
    /// 2. [`Reason::SignatureMismatch`] if the value of `sig` is not 128 lower-case hex digits.
    /// 3. [`Reason::UnknownKeyVersion`] if the set does not contain the key version.
    /// 4. [`Reason::SignatureMismatch`] if the MAC differs.
    /// 5. [`Reason::TokenExpired`] if the token is expired.
    pub fn verify(
        &self,
        set: KeySet<'_, HmacSha512>,
        now_s: u64,
        expiry: Expiry,
    ) -> Result<VerifiedConnectionString<'a>, Reason> {
        let parsed = &self.parsed;
        let (Some(key_version), Some(signature)) = (parsed.key_version, &parsed.signature) else {
            return Err(Reason::MissingKeyVersion);
        };
        let received = signature.mac.as_ref().ok_or(Reason::SignatureMismatch)?;
        let key = set.version(key_version).ok_or(Reason::UnknownKeyVersion)?;
        let mut stream = HmacSha512Stream::idle();
        stream.begin([key.mac()]);
        write_signed(&mut stream, self.token, signature.before, signature.after);
        if !stream.verify(received) {
            return Err(Reason::SignatureMismatch);
        }
        if expiry == Expiry::Checked
            && parsed.beans.expires.unix_s() < i64::try_from(now_s).unwrap_or(i64::MAX)
        {
            return Err(Reason::TokenExpired);
        }
        key.usage().note(now_s);
        Ok(VerifiedConnectionString { beans: parsed.beans, key_version })
    }
}

/// Writes the MAC input, which is the Base64 text of `before` followed by `after`. The token already contains
/// the Base64 text of `before`, so each complete group of three bytes is copied from the token. If `sig` is
/// the last bean, at most two bytes must be encoded.
fn write_signed(stream: &mut HmacSha512Stream, token: &[u8], before: &[u8], after: &[u8]) {
    let groups = before.len() / 3;
    stream.update(token.get(..groups * 4).unwrap_or_default());
    let rest = before.get(groups * 3..).unwrap_or_default();
    base64::put(stream, [rest, after]);
}
