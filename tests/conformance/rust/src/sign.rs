//! Runs the test vectors for signed requests.

use sealwire_core::{AcceptedSchemes, Coverage, Request, Scheme, Signer, Signing};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::Fallible;
use crate::case::{Wire, field, number, text, texts};
use crate::{policy, public, ring};

pub(crate) fn result(case: &Value) -> Fallible<String> {
    let keys = ring::valid(case)?;
    let asked = field(case, "sign")?;
    let request = Wire::new(field(asked, "request")?)?;
    let fields = texts(asked, "components");
    let coverage = Coverage { fields: &fields, ..Coverage::default() };
    let signing = Signing {
        receiver: text(asked, "receiver").unwrap_or_default(),
        body: &request.body,
        user_id: asked.get("user_id").and_then(Value::as_str),
        nonce: text(asked, "nonce").unwrap_or("unused"),
        now_ms: number(asked, "now_ms")?,
    };
    let mut headers = String::new();
    for (name, schemes) in signers(asked)? {
        let signer = Signer { name, keys: &keys, schemes, coverage };
        if request.with(|view| sign(&signer, view, &signing, &mut headers)).is_err() {
            return Ok(String::from("refused"));
        }
    }
    let mut lines: Vec<_> = headers.split_inclusive('\n').collect();
    lines.sort_unstable();
    if let Some(public) = public::signed(case)?.filter(|public| *public != lines.concat()) {
        return Ok(format!("disagrees with the crate sealwire: {public}"));
    }
    Ok(signed(&headers))
}

/// Returns the name and the schemes of each signer in a test case. The scheme `client` has a separate signer,
/// because its name can differ from the name for the other schemes.
fn signers(asked: &Value) -> Fallible<Vec<(&str, AcceptedSchemes)>> {
    let of_client = |scheme: &Option<Scheme>| *scheme == Some(Scheme::Client);
    let schemes = policy::schemes(asked)?;
    let pairs = schemes.map(|scheme| scheme.filter(|scheme| *scheme != Scheme::Client));
    let mut signers = Vec::new();
    if pairs.iter().any(Option::is_some) {
        signers.push((text(asked, "sender")?, pairs));
    }
    if schemes.iter().any(of_client) {
        signers.push((text(asked, "client_id")?, [Some(Scheme::Client), None, None]));
    }
    Ok(signers)
}

fn sign(
    signer: &Signer<'_, sealwire_core::keys::KeyRing>,
    request: &Request<'_>,
    signing: &Signing<'_>,
    headers: &mut String,
) -> Fallible<()> {
    Ok(signer.sign(request, signing, |name, value| headers.push_str(&line(name, value)))?)
}

/// Formats a header for the hash. The name is converted to lower case.
pub(crate) fn line(name: &str, value: &str) -> String {
    format!("{}: {value}\n", name.to_ascii_lowercase())
}

pub(crate) fn signed(headers: &str) -> String {
    format!("signed {}", hex::encode(Sha256::digest(headers)))
}
