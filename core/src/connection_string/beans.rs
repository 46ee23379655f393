//! The parser for beans, which are the key-value pairs of a connection string.

use super::roles;
use super::roles::Roles;
use super::timestamp::{self, Timestamp};
use crate::bytes::hex;
use crate::wire::grammar;
use uuid::Uuid;

/// The contents of a connection string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beans<'a> {
    /// The account id (`aid`).
    pub account: Uuid,
    /// The time at which the token expires (`edt`).
    pub expires: Timestamp,
    /// The roles (`rls`). The list is empty if the bean is absent.
    pub roles: Roles<'a>,
    /// The tenant id (`tid`).
    pub tenant: Option<Uuid>,
    /// The subscription id (`sid`).
    pub subscription: Option<Uuid>,
}

/// The parsed beans of a token, including its key version and signature.
#[derive(Clone, Copy)]
pub(super) struct Parsed<'a> {
    pub(super) beans: Beans<'a>,
    pub(super) key_version: Option<u32>,
    pub(super) signature: Option<Signature<'a>>,
}

/// The `sig` bean, and the beans before and after it. The MAC covers the beans before and after `sig`.
#[derive(Clone, Copy)]
pub(super) struct Signature<'a> {
    /// The received MAC. `None` if the value is not 128 lower-case hex digits. The token is then rejected
    /// with a signature mismatch, not as a malformed token.
    pub(super) mac: Option<[u8; 64]>,
    /// The beans before `sig`, without the separating `;`.
    pub(super) before: &'a [u8],
    /// The beans after `sig`. The text starts with `;` unless `sig` is the first bean.
    pub(super) after: &'a [u8],
}

/// Parses beans in any order. Returns `None` for invalid syntax.
pub(super) fn parse(text: &[u8]) -> Option<Parsed<'_>> {
    let mut read = Read::default();
    let mut rest = text;
    loop {
        let before = text.get(..text.len() - rest.len())?;
        rest = match read.bean(before, rest)? {
            [] => return read.finish(),
            [b';', next @ ..] => next,
            _ => return None,
        };
    }
}

/// The beans parsed so far.
#[derive(Default)]
struct Read<'a> {
    account: Option<Uuid>,
    expires: Option<Timestamp>,
    roles: Option<Roles<'a>>,
    tenant: Option<Uuid>,
    subscription: Option<Uuid>,
    key_version: Option<u32>,
    signature: Option<Signature<'a>>,
}

impl<'a> Read<'a> {
    /// Parses one bean and returns the remaining bytes, which are empty or start with `;`. All keys have
    /// three letters and most values have a fixed length, so the parser rarely has to search for a separator.
    fn bean(&mut self, before: &'a [u8], bean: &'a [u8]) -> Option<&'a [u8]> {
        let (key, value) = bean.split_first_chunk()?;
        match key {
            b"aid=" => once(&mut self.account, uuid(value)?),
            b"edt=" => once(&mut self.expires, expires(value)?),
            b"rls=" => once(&mut self.roles, role_list(value)?),
            b"tid=" => once(&mut self.tenant, uuid(value)?),
            b"sid=" => once(&mut self.subscription, uuid(value)?),
            b"kvr=" => once(&mut self.key_version, key_version(value)?),
            b"sig=" => once(&mut self.signature, signature(before, value)?),
            _ => None,
        }
    }

    fn finish(self) -> Option<Parsed<'a>> {
        let beans = Beans {
            account: self.account?,
            expires: self.expires?,
            roles: self.roles.unwrap_or_default(),
            tenant: self.tenant,
            subscription: self.subscription,
        };
        Some(Parsed { beans, key_version: self.key_version, signature: self.signature })
    }
}

/// Stores a value, or returns `None` for a repeated bean. A repeated bean is invalid, because another parser
/// could use the other value.
fn once<'a, T>(slot: &mut Option<T>, (value, after): (T, &'a [u8])) -> Option<&'a [u8]> {
    slot.replace(value).is_none().then_some(after)
}

/// Parses a hyphenated UUID. The `uuid` crate accepts no other format of 36 bytes.
fn uuid(value: &[u8]) -> Option<(Uuid, &[u8])> {
    let (text, after) = value.split_first_chunk::<36>()?;
    Some((Uuid::try_parse_ascii(text).ok()?, after))
}

fn expires(value: &[u8]) -> Option<(Timestamp, &[u8])> {
    let (text, after) = value.split_first_chunk()?;
    Some((timestamp::parse(text)?, after))
}

fn role_list(value: &[u8]) -> Option<(Roles<'_>, &[u8])> {
    let (text, after) = split_value(value)?;
    Some((roles::parse(text)?, after))
}

fn key_version(value: &[u8]) -> Option<(u32, &[u8])> {
    let (text, after) = split_value(value)?;
    Some((grammar::version(text)?, after))
}

fn signature<'a>(before: &'a [u8], value: &'a [u8]) -> Option<(Signature<'a>, &'a [u8])> {
    let (mac, after) = match well_formed_mac(value) {
        Some((mac, after)) => (Some(mac), after),
        None => (None, unreadable_mac(value)?),
    };
    // The MAC input must not start with `;`, and `before` must not end with `;`.
    let around = match (before, after) {
        ([before @ .., _], after) => (before, after),
        ([], [_, after @ ..]) => ([].as_slice(), after),
        ([], []) => ([].as_slice(), [].as_slice()),
    };
    Some((Signature { mac, before: around.0, after: around.1 }, after))
}

fn well_formed_mac(value: &[u8]) -> Option<([u8; 64], &[u8])> {
    let (digits, after) = value.split_first_chunk::<128>()?;
    let mut mac = [0; 64];
    hex::decode(digits, &mut mac)?;
    matches!(after, [] | [b';', ..]).then_some((mac, after))
}

/// Skips a `sig` value that is not a MAC. The value must not contain a second `=`.
fn unreadable_mac(value: &[u8]) -> Option<&[u8]> {
    let (text, after) = split_value(value)?;
    (!text.contains(&b'=')).then_some(after)
}

/// Splits the text at the next `;`, or at the end.
fn split_value(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
    value.split_at_checked(end)
}
