//! Issuing connection strings.

use core::fmt::{self, Write as _};

use super::encoder::Encoder;
use super::roles;
use super::roles::Role;
use super::timestamp::Timestamp;
use super::token::MAX_TOKEN_BYTES;
use crate::bytes::hex;
use crate::keys::key_set::KeySet;
use crate::mac::sha512::{HmacSha512, HmacSha512Stream};
use uuid::Uuid;

/// The contents of a connection string to issue.
#[derive(Clone, Copy, Debug)]
pub struct Draft<'r> {
    /// The account.
    pub account: Uuid,
    /// The expiry.
    pub expires: Timestamp,
    /// The roles. If empty, the token has no `rls` bean.
    pub roles: &'r [Role<'r>],
    /// The tenant.
    pub tenant: Option<Uuid>,
    /// The subscription.
    pub subscription: Option<Uuid>,
}

/// The error returned when a connection string cannot be issued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum IssueError {
    /// The role at this index (from 0) has an invalid name.
    RoleName(usize),
    /// The token would exceed [`MAX_TOKEN_BYTES`], so verifiers would reject it.
    TooLong,
    /// The buffer is too small for the token.
    BufferTooSmall,
}

impl fmt::Display for IssueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RoleName(position) => write!(
                f,
                "the name of role {position} (counted from 0) is empty or contains one of ; = : , or a control \
                 character; rename the role"
            ),
            Self::TooLong => {
                write!(f, "the connection string would be over {MAX_TOKEN_BYTES} bytes; give it fewer roles")
            }
            Self::BufferTooSmall => {
                write!(
                    f,
                    "the buffer is too small; {MAX_TOKEN_BYTES} bytes are sufficient for any connection string"
                )
            }
        }
    }
}

impl core::error::Error for IssueError {}

impl Draft<'_> {
    /// Signs a token with the primary key of the set, writes it to `out` and returns its length in bytes.
    /// After an error the contents of `out` are unspecified.
    ///
    /// # Errors
    /// [`IssueError`] if a role has an invalid name, the token is too long or the buffer is too small.
    pub fn issue(&self, set: KeySet<'_, HmacSha512>, out: &mut [u8]) -> Result<usize, IssueError> {
        if let Some(position) = self.roles.iter().position(|role| !roles::is_name(role.name)) {
            return Err(IssueError::RoleName(position));
        }
        let too_long =
            if out.len() < MAX_TOKEN_BYTES { IssueError::BufferTooSmall } else { IssueError::TooLong };
        self.write(set, Writer::new(out)).map_err(|fmt::Error| too_long)
    }

    fn write(&self, set: KeySet<'_, HmacSha512>, mut writer: Writer<'_>) -> Result<usize, fmt::Error> {
        let key = set.primary();
        self.write_beans(&mut writer)?;
        write!(writer, "kvr={}", key.version())?;
        let mac = writer.mac(key.mac());
        writer.write_str(";sig=")?;
        writer.write(&hex::encode::<64, 128>(&mac))?;
        writer.finish()
    }

    fn write_beans(&self, writer: &mut Writer<'_>) -> fmt::Result {
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
        Ok(())
    }
}

/// Writes Base64 to a buffer.
struct Writer<'o> {
    encoder: Encoder,
    out: Out<'o>,
}

struct Out<'o> {
    bytes: &'o mut [u8],
    length: usize,
    overflowed: bool,
}

impl<'o> Writer<'o> {
    fn new(out: &'o mut [u8]) -> Self {
        let longest = out.len().min(MAX_TOKEN_BYTES);
        let bytes = out.get_mut(..longest).unwrap_or_default();
        Self { encoder: Encoder::new(), out: Out { bytes, length: 0, overflowed: false } }
    }

    fn write(&mut self, bytes: &[u8]) -> fmt::Result {
        self.encoder.push(bytes, &mut |text| self.out.append(text));
        if self.out.overflowed { Err(fmt::Error) } else { Ok(()) }
    }

    /// Computes the MAC over the Base64 of the bytes written so far.
    fn mac(&self, key: &HmacSha512) -> [u8; 64] {
        let mut stream = HmacSha512Stream::idle();
        stream.begin([key]);
        stream.update(self.out.bytes.get(..self.out.length).unwrap_or_default());
        self.encoder.clone().flush(&mut |text| stream.update(text));
        stream.mac()
    }

    fn finish(mut self) -> Result<usize, fmt::Error> {
        self.encoder.flush(&mut |text| self.out.append(text));
        if self.out.overflowed { Err(fmt::Error) } else { Ok(self.out.length) }
    }
}

impl fmt::Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.write(text.as_bytes())
    }
}

impl Out<'_> {
    fn append(&mut self, text: &[u8]) {
        let end = self.length + text.len();
        match self.bytes.get_mut(self.length..end) {
            Some(free) => {
                free.copy_from_slice(text);
                self.length = end;
            }
            None => self.overflowed = true,
        }
    }
}
