//! The order of checks: does it parse, is it versioned and signed, is the version known, is the MAC right, has it
//! expired.

use super::beans::Beans;
use super::encoder::Encoder;
use super::token::ConnectionString;
use crate::keys::key_set::KeySet;
use crate::mac::sha512::{HmacSha512, HmacSha512Stream};
use crate::wire::reason::Reason;

/// A connection string with a verified MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedConnectionString<'a> {
    beans: Beans<'a>,
    key_version: u32,
}

/// Whether the expiry of a token is checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Expiry {
    /// An expired token is rejected.
    #[default]
    Checked,
    /// An expired token is accepted: for tools that inspect a token, never for requests.
    Ignored,
}

impl<'a> VerifiedConnectionString<'a> {
    /// The contents of the token.
    #[must_use]
    pub const fn beans(&self) -> &Beans<'a> {
        &self.beans
    }

    /// The version of the key it was signed with.
    #[must_use]
    pub const fn key_version(&self) -> u32 {
        self.key_version
    }
}

impl<'a> ConnectionString<'a> {
    /// Verifies the MAC, then the expiry; a token is good up to and including the second it names. `now_s` is in Unix
    /// seconds. Counts the use on the key that accepted it.
    ///
    /// # Errors
    /// In this order: [`Reason::MissingKeyVersion`] without `kvr` or `sig`, [`Reason::SignatureMismatch`] when
    /// `sig` is not a MAC at all, [`Reason::UnknownKeyVersion`], [`Reason::SignatureMismatch`], a version
    /// rewritten after issue included, and [`Reason::TokenExpired`].
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
        let mut stream = key.mac().stream();
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

/// Writes the signed bytes, Base64(`before` then `after`). `before` is the start of the token, so its complete
/// groups of three bytes are copied in encoded form. In issued tokens `sig` is last, so at most two bytes
/// remain to encode.
fn write_signed(stream: &mut HmacSha512Stream, token: &[u8], before: &[u8], after: &[u8]) {
    let groups = before.len() / 3;
    stream.update(token.get(..groups * 4).unwrap_or_default());
    let mut encoder = Encoder::new();
    let mut sink = |text: &[u8]| stream.update(text);
    encoder.push(before.get(groups * 3..).unwrap_or_default(), &mut sink);
    encoder.push(after, &mut sink);
    encoder.flush(&mut sink);
}
