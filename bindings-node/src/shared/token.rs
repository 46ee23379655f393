//! Connection strings.

use sealwire_core::Reason;
use sealwire_core::connection_string::{
    self, Beans, ConnectionString, Draft, Expiry, MAX_TOKEN_BYTES, Permission, Role, Timestamp, Uuid,
};
use sealwire_core::keys::KeySource;
use sealwire_host::SharedRing;

use crate::error::{Code, Error, Result};
use crate::shared::verdict::Fields;

/// The contents of a connection string to issue.
pub(crate) struct Contents<'a> {
    pub(crate) account: &'a str,
    /// The expiry in Unix seconds.
    pub(crate) expires_s: i64,
    /// The UTC offset of the expiry, in minutes east of UTC.
    pub(crate) offset_minutes: i32,
    /// The names of the roles, and whether each grants write access.
    pub(crate) roles: Vec<(&'a str, bool)>,
    pub(crate) tenant: Option<&'a str>,
    pub(crate) subscription: Option<&'a str>,
}

/// Issues a connection string that is signed with the key ring's issuer key.
pub(crate) fn issue(ring: &SharedRing, contents: &Contents<'_>) -> Result<String> {
    let ring = ring.load();
    let set = ring.issuer().ok_or_else(no_issuer)?;
    let offset = i16::try_from(contents.offset_minutes).ok();
    let expires = offset.and_then(|offset| Timestamp::new(contents.expires_s, offset));
    let permission = |write| if write { Permission::Write } else { Permission::Read };
    let roles: Vec<_> =
        contents.roles.iter().map(|(name, write)| Role { name, permission: permission(*write) }).collect();
    let draft = Draft {
        account: uuid("account", contents.account)?,
        expires: expires
            .ok_or_else(|| Code::Token.error("expires: pass a date between the years 0 and 9999"))?,
        roles: &roles,
        tenant: contents.tenant.map(|id| uuid("tenant", id)).transpose()?,
        subscription: contents.subscription.map(|id| uuid("subscription", id)).transpose()?,
    };
    let mut out = [0; MAX_TOKEN_BYTES];
    let length = draft.issue(set, &mut out).map_err(|cause| Code::Token.error(cause))?;
    let token = out.get(..length).unwrap_or_default();
    Ok(String::from_utf8_lossy(token).into_owned())
}

/// Verifies a connection string. Returns a verdict that contains the key version. The verdict does not include
/// the contents of the string, because writing them takes as long as verification. [`read`] returns the
/// contents.
pub(crate) fn verify(ring: &SharedRing, token: &[u8], expiry: Expiry, now_s: u64) -> Result<String> {
    let ring = ring.load();
    let set = ring.issuer().ok_or_else(no_issuer)?;
    Ok(ConnectionString::read(token, |string| {
        match string.and_then(|string| string.verify(set, now_s, expiry)) {
            Ok(verified) => Fields::begin("+").number(verified.key_version().into()).end(),
            Err(reason) => rejected(reason),
        }
    }))
}

/// Returns the contents of a token. The JavaScript code calls it only for verified tokens.
pub(crate) fn read(token: &[u8]) -> String {
    ConnectionString::read(token, |string| {
        string.map_or_else(rejected, |string| said(string.unverified_beans()))
    })
}

fn said(beans: &Beans<'_>) -> String {
    let fields = Fields::begin("+")
        .text(&beans.account.to_string())
        .text(&beans.expires.to_string())
        .number(beans.expires.unix_s())
        .text(&beans.tenant.map(|id| id.to_string()).unwrap_or_default())
        .text(&beans.subscription.map(|id| id.to_string()).unwrap_or_default());
    let role =
        |fields: Fields, role: Role<'_>| fields.text(role.name).number(role.permission.number().into());
    beans.roles.iter().fold(fields, role).end()
}

fn rejected(reason: Reason) -> String {
    Fields::begin("-")
        .text(reason.name())
        .number(reason.http_status().into())
        .text(connection_string::message(reason))
        .text(connection_string::code(reason).unwrap_or_default())
        .text(connection_string::body(reason))
        .end()
}

fn uuid(setting: &str, text: &str) -> Result<Uuid> {
    Uuid::try_parse(text).map_err(|_| Code::Token.error(format_args!("{setting}: pass a UUID")))
}

fn no_issuer() -> Error {
    Code::Keys.error("the key ring has no issuer key; add one to issue and verify connection strings")
}
