//! Runs test cases with the public crate `sealwire` and compares the results with those of the core crate.
//! Test cases that the settings of `sealwire` or the types of the `http` crate cannot represent are skipped.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::Duration;

use sealwire::{KeyRing, Mode, ReplayTable, Scheme, Sender, Signer, Verifier, VerifierBuilder};
use serde_json::Value;

use crate::Fallible;
use crate::case::{Wire, field, flag, number, text, texts};
use crate::{ring, sign, store};

/// The number of requests that were verified or signed with the crate `sealwire`.
static COMPARED: AtomicUsize = AtomicUsize::new(0);

/// Returns the verifier of a test case, or `None` if the settings of `sealwire` cannot represent it.
pub(crate) fn verifier(case: &Value) -> Fallible<Option<Verifier>> {
    let asked = field(case, "verifier")?;
    let schemes = schemes(asked)?;
    let keys = KeyRing::from(ring::valid(case)?);
    let table = match store::store(case)? {
        Some(table) => ReplayTable::custom(Arc::from(table)),
        None => ReplayTable::custom(Arc::new(store::Forgetful)),
    };
    let mut builder = Verifier::builder(text(asked, "service")?, &keys)
        .schemes(schemes.iter().copied())
        .authorities(texts(asked, "authorities"))
        .require_fields(texts(asked, "require"))
        .replay(table);
    builder = match windowed(builder, asked, &schemes) {
        Some(builder) => builder,
        None => return Ok(None),
    };
    for (name, rules) in asked.get("senders").and_then(Value::as_object).into_iter().flatten() {
        let sender =
            Sender::new(name).methods(texts(rules, "methods")).path_prefixes(texts(rules, "path_prefixes"));
        builder =
            builder.sender(mode(rules).map_or_else(|| sender.clone(), |mode| sender.clone().mode(mode)));
    }
    if let Some(mode) = mode(asked) {
        builder = builder.mode(mode);
    }
    if let Some(bytes) = asked.get("max_body_bytes").and_then(Value::as_u64) {
        builder = builder.max_body_bytes(bytes);
    }
    if let Some(scheme) = asked.get("url_scheme").and_then(Value::as_str) {
        builder = builder.scheme(scheme);
    }
    for (name, set) in [
        ("trust_unsigned_user_id", VerifierBuilder::trust_unsigned_user_id as fn(_) -> _),
        ("claim_pairwise", VerifierBuilder::claim_pairwise),
        ("listed_senders_only", VerifierBuilder::listed_senders_only),
    ] {
        builder = if flag(asked, name, false) { set(builder) } else { builder };
    }
    builder = if flag(asked, "require_authority", true) { builder } else { builder.ignore_authority() };
    // The builder rejects some settings that the core crate allows.
    Ok(builder.build().ok())
}

/// Sets the time window of a test case. Test cases can set a separate window for the scheme `client`, but the
/// builder has one window for all schemes.
fn windowed(builder: VerifierBuilder, asked: &Value, schemes: &[Scheme]) -> Option<VerifierBuilder> {
    let window = |name: &str, unit_ms: u64| {
        let units = asked.get(name).and_then(Value::as_u64);
        units.map(|units| Duration::from_millis(units * unit_ms))
    };
    let (past, future) = (window("past_s", 1000), window("future_s", 1000));
    let skew = window("max_clock_skew_ms", 1);
    let (past, future) = match (past.or(future), skew) {
        (None, None) => return Some(builder),
        (Some(_), None) if !schemes.contains(&Scheme::Client) => (past, future),
        (None, Some(_)) if schemes == [Scheme::Client] => (skew, skew),
        _ => return None,
    };
    let builder = match past {
        Some(past) => builder.past(past),
        None => builder,
    };
    Some(match future {
        Some(future) => builder.future(future),
        None => builder,
    })
}

fn schemes(asked: &Value) -> Fallible<Vec<Scheme>> {
    let schemes: Option<Vec<_>> = texts(asked, "schemes").into_iter().map(Scheme::from_name).collect();
    schemes.ok_or_else(|| "no such scheme".into())
}

fn mode(asked: &Value) -> Option<Mode> {
    asked.get("mode").and_then(Value::as_str).and_then(Mode::from_name)
}

/// Verifies a request and returns the line to print, or `None` if the `http` crate cannot represent the
/// request.
pub(crate) fn verified(verifier: &Verifier, request: &Wire, now_ms: u64) -> Option<String> {
    let request = request.http()?;
    COMPARED.fetch_add(1, Relaxed);
    Some(match verifier.verify_at(&request, now_ms) {
        Ok(identity) => format!(
            "accepted sender={} version={} scheme={} user={} as={}\tnonce={}",
            identity.sender,
            identity.key_version,
            identity.scheme,
            identity.user_id.as_deref().unwrap_or("-"),
            identity.name_as_sent,
            identity.nonce.as_deref().unwrap_or("-"),
        ),
        Err(rejection) if rejection.mode() == Mode::Enforce => format!(
            "rejected {} {} {}\tfield={}",
            rejection.reason(),
            rejection.status().as_u16(),
            rejection.public_text(),
            rejection.field().unwrap_or("-").to_ascii_lowercase()
        ),
        Err(rejection) => format!("let-through {} {}", rejection.mode().name(), rejection.reason()),
    })
}

/// Signs a request with one signer and returns the line to print, or `None` if the `http` crate cannot
/// represent the request.
pub(crate) fn signed(case: &Value) -> Fallible<Option<String>> {
    let asked = field(case, "sign")?;
    let schemes = schemes(asked)?;
    let has_client = schemes.contains(&Scheme::Client);
    let name = text(asked, if has_client { "client_id" } else { "sender" })?;
    let wire = Wire::new(field(asked, "request")?)?;
    let Some(request) = wire.http().filter(|_| !has_client || schemes.len() == 1) else { return Ok(None) };
    let keys = KeyRing::from(ring::valid(case)?);
    let builder = Signer::builder(name, &keys).schemes(schemes).cover(texts(asked, "components"));
    let Ok(signer) = builder.receiver(text(asked, "receiver").unwrap_or_default()).build() else {
        return Ok(None);
    };
    let signer = signer.with_nonce(text(asked, "nonce").unwrap_or("unused")).at(number(asked, "now_ms")?);
    let user = asked.get("user_id").and_then(Value::as_str);
    let signer = user.map_or_else(|| signer.clone(), |user| signer.for_user(user));
    COMPARED.fetch_add(1, Relaxed);
    let signed = signer.headers(request.method(), request.uri(), request.headers(), request.body());
    let Ok(headers) = signed else { return Ok(Some("refused".into())) };
    // The lines are sorted, because a header map does not preserve the order of different names.
    let mut lines: Vec<_> = headers
        .iter()
        .map(|(name, value)| Ok(sign::line(name.as_str(), value.to_str()?)))
        .collect::<Fallible<_>>()?;
    lines.sort();
    Ok(Some(lines.concat()))
}

#[cfg(test)]
mod tests {
    use super::{COMPARED, Relaxed};
    use crate::{Fallible, print_file};

    #[test]
    fn the_crate_sealwire_can_represent_most_cases() -> Fallible<()> {
        for name in ["bypass", "client", "message", "multi", "pairwise", "policy", "replay"] {
            print_file(&format!("{}/../../vectors/{name}.json", env!("CARGO_MANIFEST_DIR")))?;
        }
        let compared = COMPARED.load(Relaxed);
        assert!(compared > 400, "only {compared} cases went through the crate sealwire");
        Ok(())
    }
}
