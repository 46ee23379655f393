//! Issues signed connection strings.

use core::fmt::{self, Write as _};

use super::roles;
use super::roles::Role;
use super::timestamp::Timestamp;
use super::token::{MAX_BEANS_BYTES, MAX_TOKEN_BYTES};
use crate::bytes::sink::{Sink, SliceWriter};
use crate::bytes::{base64, hex};
use crate::keys::key_set::KeySet;
use crate::mac::sha512::{HmacSha512, HmacSha512Stream};
use ::base64::Engine as _;
use ::base64::engine::general_purpose::STANDARD;
use uuid::Uuid;

/// The contents of a connection string to issue.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'r> {
    /// The account id.
    pub account: Uuid,
    /// The time at which the token expires.
    pub expires: Timestamp,
    /// The roles. If the list is empty, the token has no `rls` bean.
    pub roles: &'r [Role<'r>],
    /// The tenant id.
    pub tenant: Option<Uuid>,
    /// The subscription id.
    pub subscription: Option<Uuid>,
}

/// The error returned when a connection string cannot be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum IssueError {
    /// A role has an invalid name. The value is the index of the role, counted from 0.
    #[error(
        "the name of role {0} (counted from 0) is empty or contains one of ; = : , or a control character; rename the role"
    )]
    RoleName(usize),
    /// The token would be longer than [`MAX_TOKEN_BYTES`], so verifiers would reject it.
    #[error("the connection string would be over {MAX_TOKEN_BYTES} bytes; use fewer roles")]
    TooLong,
    /// The buffer is too small for the token.
    #[error("the buffer is too small; {MAX_TOKEN_BYTES} bytes are sufficient for any connection string")]
    BufferTooSmall,
}

impl Draft<'_> {
    /// Signs a token with the primary key in the set, writes the token to `out` and returns its length in
    /// bytes. After an error, the contents of `out` are unspecified.
    ///
    /// # Errors
    /// [`IssueError`] if a role has an invalid name, the token is too long or the buffer is too small.
    pub fn issue(&self, set: KeySet<'_, HmacSha512>, out: &mut [u8]) -> Result<usize, IssueError> {
        if let Some(position) = self.roles.iter().position(|role| !roles::is_name(role.name)) {
            return Err(IssueError::RoleName(position));
        }
        let is_small = out.len() < MAX_TOKEN_BYTES;
        self.write(set, out).ok_or(if is_small { IssueError::BufferTooSmall } else { IssueError::TooLong })
    }

    fn write(&self, set: KeySet<'_, HmacSha512>, out: &mut [u8]) -> Option<usize> {
        let key = set.primary();
        let mut buffer = [0; MAX_BEANS_BYTES];
        let mut beans = SliceWriter::new(&mut buffer);
        self.write_beans(&mut beans, key.version()).ok()?;
        let mut stream = HmacSha512Stream::idle();
        stream.begin([key.mac()]);
        base64::put(&mut stream, [beans.written()]);
        beans.put(b";sig=");
        beans.put(&hex::encode::<64, 128>(&stream.mac()));
        STANDARD.encode_slice(beans.finish()?, out).ok()
    }

    fn write_beans(&self, writer: &mut SliceWriter<'_>, key_version: u32) -> fmt::Result {
        write!(writer, "aid={};edt={};", self.account.as_hyphenated(), self.expires)?;
        for (position, role) in self.roles.iter().enumerate() {
            let lead = if position == 0 { "rls=" } else { "," };
            write!(writer, "{lead}{}:{}", role.name, role.permission.number())?;
        }
        if !self.roles.is_empty() {
            writer.write_char(';')?;
        }
        for (key, id) in [("tid", self.tenant), ("sid", self.subscription)] {
            if let Some(id) = id {
                write!(writer, "{key}={};", id.as_hyphenated())?;
            }
        }
        write!(writer, "kvr={key_version}")
    }
}
