//! Converts the `verifier` field of a test case to a policy.

use sealwire_core::{
    AcceptedSchemes, Authorities, Authority, Mode, Modes, Policy, Scheme, SenderPolicy, Text, Window,
};
use serde_json::Value;

use crate::Fallible;
use crate::case::{field, flag, text, texts};

pub(crate) fn policy(case: &Value) -> Fallible<Policy> {
    let asked = field(case, "verifier")?;
    let mut policy = Policy::new(held(text(asked, "service")?)?);
    policy.schemes = schemes(asked)?;
    for window in [&mut policy.message_window, &mut policy.pairwise_window] {
        set_window(window, asked.get("past_s"), asked.get("future_s"), 1000);
    }
    let skew = asked.get("max_clock_skew_ms");
    set_window(&mut policy.client_window, skew, skew, 1);
    policy.max_body_bytes =
        asked.get("max_body_bytes").and_then(Value::as_u64).unwrap_or(policy.max_body_bytes);
    policy.modes = modes(asked)?;
    policy.trust_unsigned_user_id = flag(asked, "trust_unsigned_user_id", false);
    policy.claim_pairwise = flag(asked, "claim_pairwise", false);
    policy.require_authority = flag(asked, "require_authority", true);
    policy.require_fields = held_all(asked, "require")?;
    policy.authorities = authorities(asked)?;
    policy.scheme = asked.get("url_scheme").and_then(Value::as_str).map_or(Ok(Text::EMPTY), held)?;
    policy.listed_senders_only = flag(asked, "listed_senders_only", false);
    policy.senders = senders(asked)?;
    Ok(policy)
}

pub(crate) fn schemes(asked: &Value) -> Fallible<AcceptedSchemes> {
    let mut accepted = [None; 3];
    for (place, name) in accepted.iter_mut().zip(texts(asked, "schemes")) {
        *place = Some(Scheme::from_name(name).ok_or("no such scheme")?);
    }
    Ok(accepted)
}

fn set_window(window: &mut Window, past: Option<&Value>, future: Option<&Value>, unit_ms: u64) {
    let milliseconds = |value: Option<&Value>| value.and_then(Value::as_u64).map(|units| units * unit_ms);
    window.past_ms = milliseconds(past).unwrap_or(window.past_ms);
    window.future_ms = milliseconds(future).unwrap_or(window.future_ms);
}

fn modes(asked: &Value) -> Fallible<Modes> {
    let mut modes = Modes { service: mode(asked)?.unwrap_or_default(), ..Modes::default() };
    for (name, rules) in asked.get("senders").and_then(Value::as_object).into_iter().flatten() {
        if let Some(mode) = mode(rules)? {
            modes.senders.push((held(name)?, mode));
        }
    }
    Ok(modes)
}

fn mode(asked: &Value) -> Fallible<Option<Mode>> {
    let name = asked.get("mode").and_then(Value::as_str);
    name.map(|name| Mode::from_name(name).ok_or_else(|| "no such mode".into())).transpose()
}

fn authorities(asked: &Value) -> Fallible<Authorities> {
    let authority = |name: &str| {
        let (scheme, host) = name.split_once("://").unwrap_or(("", name));
        Ok(Authority { scheme: held(scheme)?, host: held(host)? })
    };
    Ok(match texts(asked, "authorities").as_slice() {
        [] => Authorities::Unset,
        ["any"] => Authorities::Any,
        listed => Authorities::Listed(listed.iter().map(|name| authority(name)).collect::<Fallible<_>>()?),
    })
}

fn senders(asked: &Value) -> Fallible<Vec<SenderPolicy>> {
    let Some(listed) = asked.get("senders").and_then(Value::as_object) else { return Ok(Vec::new()) };
    let sender = |(name, rules): (&String, &Value)| {
        Ok(SenderPolicy {
            name: held(name)?,
            methods: held_all(rules, "methods")?,
            path_prefixes: held_all(rules, "path_prefixes")?,
        })
    };
    listed.iter().map(sender).collect()
}

pub(crate) fn held_all<const N: usize>(asked: &Value, name: &str) -> Fallible<Vec<Text<N>>> {
    texts(asked, name).into_iter().map(held).collect()
}

fn held<const N: usize>(value: &str) -> Fallible<Text<N>> {
    Text::new(value).ok_or_else(|| format!("{value} is too long").into())
}
