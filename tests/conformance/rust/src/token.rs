//! Runs the test vectors for connection strings.

use sealwire_core::Reason;
use sealwire_core::connection_string::{
    self as token, ConnectionString, Draft, Expiry, MAX_TOKEN_BYTES, Permission, Role, Timestamp, Uuid,
};
use sealwire_core::keys::KeySource;
use serde_json::Value;

use crate::Fallible;
use crate::case::{field, flag, items, number, text, wire};
use crate::{ring, sign};

pub(crate) fn verified(case: &Value) -> Fallible<String> {
    let keys = ring::valid(case)?;
    let set = keys.issuer().ok_or("no issuer")?;
    let expiry = if flag(case, "check_expiry", true) { Expiry::Checked } else { Expiry::Ignored };
    let now_s = number(case, "now_ms")? / 1000;
    let verified = ConnectionString::read(&wire(text(case, "token")?)?, |string| {
        let verified = string?.verify(set, now_s, expiry)?;
        Ok::<_, Reason>((verified.beans().account, verified.key_version()))
    });
    Ok(match verified {
        Ok((account, version)) => {
            format!("accepted sender={account} version={version} scheme=connection_string user=-\tnonce=-")
        }
        Err(reason) => {
            format!("rejected {reason} {} {}\tfield=-", reason.http_status(), token::message(reason))
        }
    })
}

pub(crate) fn issued(case: &Value) -> Fallible<String> {
    let keys = ring::valid(case)?;
    let asked = field(case, "issue")?;
    let roles = roles(asked)?;
    let offset =
        i16::try_from(field(asked, "offset_minutes")?.as_i64().ok_or("offset_minutes is no number")?)?;
    let expires_s = i64::try_from(number(asked, "expires_s")?)?;
    let draft = Draft {
        account: Uuid::try_parse(text(asked, "aid")?)?,
        expires: Timestamp::new(expires_s, offset).ok_or("no such time")?,
        roles: &roles,
        tenant: uuid(asked, "tid")?,
        subscription: uuid(asked, "sid")?,
    };
    let mut out = [0; MAX_TOKEN_BYTES];
    Ok(match draft.issue(keys.issuer().ok_or("no issuer")?, &mut out) {
        Ok(length) => {
            let token = std::str::from_utf8(out.get(..length).unwrap_or_default())?;
            sign::signed(&sign::line(token::HEADER, token))
        }
        Err(_) => String::from("refused"),
    })
}

fn roles(asked: &Value) -> Fallible<Vec<Role<'_>>> {
    let Ok(listed) = items(asked, "rls") else { return Ok(Vec::new()) };
    listed.iter().map(one_role).collect()
}

fn one_role(role: &Value) -> Fallible<Role<'_>> {
    let name = role.get(0).and_then(Value::as_str).ok_or("a role has a name")?;
    let number = role.get(1).and_then(Value::as_u64).and_then(|number| u8::try_from(number).ok());
    let permission = number.and_then(Permission::from_number).ok_or("a role has a permission")?;
    Ok(Role { name, permission })
}

fn uuid(asked: &Value, name: &str) -> Fallible<Option<Uuid>> {
    Ok(asked.get(name).and_then(Value::as_str).map(Uuid::try_parse).transpose()?)
}
