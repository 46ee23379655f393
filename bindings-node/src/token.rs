//! Connection strings.

use napi::bindgen_prelude::{External, Latin1String};
use napi::{Env, JsString};
use napi_derive::napi;
use sealwire_core::connection_string::Expiry;
use sealwire_host::SharedRing;

use crate::call::{Arguments, Call, call};
use crate::error::Result;
use crate::head;
use crate::ring::Ring;
use crate::shared::token::{self, Contents};
use crate::verify::clock;

/// A role of a token.
#[napi(object, object_to_js = false)]
pub struct RoleSpec {
    /// The name of the role.
    pub name: String,
    /// Whether the role grants write access. Otherwise, it grants read access.
    pub write: bool,
}

/// The contents of a connection string to issue.
#[napi(object, object_to_js = false)]
pub struct TokenSpec {
    /// The account id, a UUID.
    pub account: String,
    /// The expiry in Unix seconds.
    pub expires_s: i64,
    /// The UTC offset of the expiry, in minutes east of UTC.
    pub offset_minutes: i32,
    /// The roles that the token grants.
    pub roles: Vec<RoleSpec>,
    /// The tenant id, a UUID.
    pub tenant: Option<String>,
    /// The subscription id, a UUID.
    pub subscription: Option<String>,
}

/// Issues a connection string that is signed with the key ring's issuer key.
#[napi(catch_unwind)]
pub fn issue_token(ring: &External<Ring>, spec: TokenSpec) -> Result<String> {
    let contents = Contents {
        account: &spec.account,
        expires_s: spec.expires_s,
        offset_minutes: spec.offset_minutes,
        roles: spec.roles.iter().map(|role| (role.name.as_str(), role.write)).collect(),
        tenant: spec.tenant.as_deref(),
        subscription: spec.subscription.as_deref(),
    };
    token::issue(ring, &contents)
}

/// Returns a function that verifies connection strings. Its arguments are the token, whether to check the
/// expiry, and optionally the Unix time in milliseconds, for tests. The function returns a verdict that
/// contains the key version.
#[napi(catch_unwind)]
pub fn token_verifying<'env>(env: &'env Env, ring: &External<Ring>) -> Result<Call<'env, Latin1String>> {
    let ring = Ring::clone(ring);
    call(env, "verifyToken", move |arguments| verify_token(&ring, arguments))
}

fn verify_token(ring: &SharedRing, arguments: &Arguments<'_>) -> Result<Latin1String> {
    let text = arguments.latin1(0)?;
    let expiry = if arguments.get(1)? { Expiry::Checked } else { Expiry::Ignored };
    let now_s = clock(arguments.optional(2)?)? / 1000;
    Ok(token::verify(ring, text.as_slice(), expiry, now_s)?.into())
}

/// Returns the contents of a token. The JavaScript code calls it only for verified tokens.
#[napi(catch_unwind)]
pub fn read_token(token: JsString<'_>) -> Result<String> {
    Ok(token::read(head::read(token)?.as_slice()))
}
