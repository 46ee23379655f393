//! The grammar of beans, read once into types.

use super::roles;
use super::roles::Roles;
use super::timestamp::{self, Timestamp};
use crate::bytes::hex;
use uuid::Uuid;

/// The contents of a connection string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Beans<'a> {
    /// `aid`: the account.
    pub account: Uuid,
    /// `edt`: when the token expires.
    pub expires: Timestamp,
    /// `rls`: the roles; none when the bean is absent.
    pub roles: Roles<'a>,
    /// `tid`: the tenant.
    pub tenant: Option<Uuid>,
    /// `sid`: the subscription.
    pub subscription: Option<Uuid>,
}

/// A token's beans, and what its verification needs.
#[derive(Clone, Copy)]
pub(super) struct Parsed<'a> {
    pub(super) beans: Beans<'a>,
    pub(super) key_version: Option<u32>,
    pub(super) signature: Option<Signature<'a>>,
}

/// The `sig` bean, and the beans around it, which the MAC covers.
#[derive(Clone, Copy)]
pub(super) struct Signature<'a> {
    /// `None` when the value is not 128 lower-case hex digits, which is a mismatch, not a malformed token.
    pub(super) mac: Option<[u8; 64]>,
    /// The beans before it, without the `;` between.
    pub(super) before: &'a [u8],
    /// The beans after it, with the `;` that joins them to those before, if any.
    pub(super) after: &'a [u8],
}

/// Reads beans in any order; `None` when they break the grammar.
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

/// Beans read so far.
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
    /// Reads one bean and returns the rest, which must be empty or start with `;`. Every key has three letters,
    /// and most values have a fixed length, so valid tokens need no search for separators.
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

/// Fills a slot that is still empty: of a bean given twice, two readers could each believe another.
fn once<'a, T>(slot: &mut Option<T>, (value, after): (T, &'a [u8])) -> Option<&'a [u8]> {
    slot.replace(value).is_none().then_some(after)
}

/// Of 36 bytes, the library takes the hyphenated form only.
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
    Some((canonical_u32(text)?, after))
}

fn signature<'a>(before: &'a [u8], value: &'a [u8]) -> Option<(Signature<'a>, &'a [u8])> {
    let (mac, after) = match well_formed_mac(value) {
        Some((mac, after)) => (Some(mac), after),
        None => (None, unreadable_mac(value)?),
    };
    // The input of the MAC: neither the first bean nor the bean that follows it has a `;` before it.
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

/// Anything may stand where a MAC should, but it is still one bean with one `=`.
fn unreadable_mac(value: &[u8]) -> Option<&[u8]> {
    let (text, after) = split_value(value)?;
    (!text.contains(&b'=')).then_some(after)
}

/// The value up to the next `;` or the end.
fn split_value(value: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = value.iter().position(|byte| *byte == b';').unwrap_or(value.len());
    value.split_at_checked(end)
}

/// Digits without sign or leading zero: a version has one spelling.
fn canonical_u32(text: &[u8]) -> Option<u32> {
    if matches!(text, [] | [b'0', _, ..]) {
        return None;
    }
    text.iter().try_fold(0_u32, |number, byte| {
        let digit = byte.wrapping_sub(b'0');
        (digit < 10).then_some(())?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}
