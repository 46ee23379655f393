//! Connection strings.

use sealwire_core::connection_string::Expiry;

use crate::error::{Code, Result};
use crate::memory::{call, milliseconds};
use crate::objects;
use crate::shared::token::{self, Contents};
use crate::values::Properties;

/// Issues a connection string from settings, and writes it.
#[unsafe(no_mangle)]
extern "C" fn sealwire_issue_token(ring: u32) -> i32 {
    call(|input, output| {
        let mut spec = Properties::parse(input)?;
        let (account, tenant) = (spec.text("account")?.unwrap_or_default(), spec.text("tenant")?);
        let subscription = spec.text("subscription")?;
        let mut names = Vec::new();
        for mut role in spec.objects("roles")? {
            names.push((role.text("name")?.unwrap_or_default(), role.flag("write")?));
        }
        let offset = spec.whole("offsetMinutes")?.and_then(|minutes| i32::try_from(minutes).ok());
        let contents = Contents {
            account: &account,
            expires_s: spec.whole("expiresS")?.unwrap_or_default(),
            offset_minutes: offset.ok_or_else(|| Code::Token.error("offsetMinutes: pass a whole number"))?,
            roles: names.iter().map(|(name, write)| (name.as_str(), *write)).collect(),
            tenant: tenant.as_deref(),
            subscription: subscription.as_deref(),
        };
        output.extend_from_slice(token::issue(&*objects::ring(ring)?, &contents)?.as_bytes());
        Ok(0)
    })
}

/// Verifies a connection string, and writes the verdict. If `check_expiry` is 0, the expiry is ignored.
#[unsafe(no_mangle)]
extern "C" fn sealwire_verify_token(ring: u32, check_expiry: u32, now_ms: f64) -> i32 {
    call(|input, output| {
        let expiry = if check_expiry == 0 { Expiry::Ignored } else { Expiry::Checked };
        let ring = objects::ring(ring)?;
        let verdict: Result<String> = token::verify(&ring, input, expiry, milliseconds(now_ms) / 1000);
        output.extend_from_slice(verdict?.as_bytes());
        Ok(0)
    })
}

/// Writes the contents of a connection string.
#[unsafe(no_mangle)]
extern "C" fn sealwire_read_token() -> i32 {
    call(|input, output| {
        output.extend_from_slice(token::read(input).as_bytes());
        Ok(0)
    })
}
