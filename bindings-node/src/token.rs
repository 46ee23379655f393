//! Connection strings.

use napi::bindgen_prelude::{External, Latin1String};
use napi::{Env, JsString};
use napi_derive::napi;
use sealwire_core::Reason;
use sealwire_core::connection_string::{
    self, Beans, ConnectionString, Draft, Expiry, MAX_TOKEN_BYTES, Permission, Role, Timestamp, Uuid,
};
use sealwire_core::keys::KeySource;
use sealwire_host::SharedRing;

use crate::call::{Arguments, Call, call};
use crate::error::{Code, Error, Result};
use crate::head;
use crate::ring::Ring;
use crate::verdict::Fields;
use crate::verify::clock;

/// A role of a token.
#[napi(object, object_to_js = false)]
pub struct RoleSpec {
    /// The name of the role.
    pub name: String,
    /// Whether the role grants write access. Otherwise it grants read access.
    pub write: bool,
}

/// The contents of a connection string to issue.
#[napi(object, object_to_js = false)]
pub struct TokenSpec {
    /// The account.
    pub account: String,
    /// The expiry in Unix seconds.
    pub expires_s: i64,
    /// The UTC offset of the expiry in minutes east of UTC.
    pub offset_minutes: i32,
    /// The roles.
    pub roles: Vec<RoleSpec>,
    /// The tenant.
    pub tenant: Option<String>,
    /// The subscription.
    pub subscription: Option<String>,
}

/// Issues a connection string, signed with the issuer key of the key ring.
#[napi(catch_unwind)]
pub fn issue_token(ring: &External<Ring>, spec: TokenSpec) -> Result<String> {
    let ring = ring.load();
    let set = ring.issuer().ok_or_else(no_issuer)?;
    let offset = i16::try_from(spec.offset_minutes).ok();
    let expires = offset.and_then(|offset| Timestamp::new(spec.expires_s, offset));
    let permission = |write| if write { Permission::Write } else { Permission::Read };
    let roles: Vec<_> =
        spec.roles.iter().map(|role| Role { name: &role.name, permission: permission(role.write) }).collect();
    let draft = Draft {
        account: uuid("account", &spec.account)?,
        expires: expires
            .ok_or_else(|| Code::Token.error("expires: give a date between the years 0 and 9999"))?,
        roles: &roles,
        tenant: spec.tenant.map(|id| uuid("tenant", &id)).transpose()?,
        subscription: spec.subscription.map(|id| uuid("subscription", &id)).transpose()?,
    };
    let mut out = [0; MAX_TOKEN_BYTES];
    let length = draft.issue(set, &mut out).map_err(|cause| Code::Token.error(cause))?;
    let token = out.get(..length).unwrap_or_default();
    Ok(String::from_utf8_lossy(token).into_owned())
}

/// Returns a function that verifies connection strings. Its arguments are the token, whether to check the
/// expiry, and the time (for tests). The function returns a verdict with the key version. [`read_token`]
/// returns the contents separately, because writing them costs as much as verifying.
#[napi(catch_unwind)]
pub fn token_verifying<'env>(env: &'env Env, ring: &External<Ring>) -> Result<Call<'env, Latin1String>> {
    let ring = Ring::clone(ring);
    call(env, "verifyToken", move |arguments| verify_token(&ring, arguments))
}

fn verify_token(ring: &SharedRing, arguments: &Arguments<'_>) -> Result<Latin1String> {
    let token = arguments.latin1(0)?;
    let ring = ring.load();
    let set = ring.issuer().ok_or_else(no_issuer)?;
    let expiry = if arguments.get(1)? { Expiry::Checked } else { Expiry::Ignored };
    let now_s = clock(arguments.optional(2)?)? / 1000;
    let verdict = ConnectionString::read(token.as_slice(), |string| {
        match string.and_then(|string| string.verify(set, now_s, expiry)) {
            Ok(verified) => Fields::begin("+").number(verified.key_version().into()).end(),
            Err(reason) => rejected(reason),
        }
    });
    Ok(verdict.into())
}

/// Returns the contents of a token. JavaScript calls it only for verified tokens.
#[napi(catch_unwind)]
pub fn read_token(token: JsString<'_>) -> Result<String> {
    let token = head::read(token)?;
    Ok(ConnectionString::read(token.as_slice(), |string| {
        string.map_or_else(rejected, |string| said(string.unverified_beans()))
    }))
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
    Uuid::try_parse(text).map_err(|_| Code::Token.error(format_args!("{setting}: give a UUID")))
}

fn no_issuer() -> Error {
    Code::Keys.error("the key ring has no issuer key; give it one to issue and verify connection strings")
}
