//! Runs the test vectors for valid and invalid key rings.

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version, decode_base64};
use serde_json::Value;

use crate::Fallible;
use crate::case::{field, flag, items, number, text};

/// The number and the secret of each version, or an error message.
type Secrets = Result<Vec<(u32, Vec<u8>)>, String>;

/// Creates the key ring of a test case. The inner result is an error message if the key ring is invalid.
pub(crate) fn build(case: &Value) -> Fallible<Result<KeyRing, String>> {
    let keys = field(case, "keys")?;
    let strength = if flag(keys, "allow_weak", false) { Strength::AllowWeak } else { Strength::Required };
    let mut builder = KeyRingBuilder::new(strength);
    Ok(fill(&mut builder, keys)?.map(|()| builder.build()))
}

/// Returns the key ring of a test case, or an error if the keys are invalid.
pub(crate) fn valid(case: &Value) -> Fallible<KeyRing> {
    Ok(build(case)??)
}

pub(crate) fn result(case: &Value) -> Fallible<String> {
    Ok(match build(case)? {
        Ok(_) => String::from("valid"),
        Err(message) => format!("invalid {message}"),
    })
}

fn fill(builder: &mut KeyRingBuilder, keys: &Value) -> Fallible<Result<(), String>> {
    for pair in items(keys, "pairs")? {
        let names: Vec<_> = items(pair, "names")?.iter().filter_map(Value::as_str).collect();
        let [one, other] = names.as_slice() else { return Err("a pair has two names".into()) };
        if let Err(message) = add(builder, KeyName::Pair(one, other), pair)? {
            return Ok(Err(message));
        }
    }
    for client in items(keys, "clients")? {
        if let Err(message) = add(builder, KeyName::Client(text(client, "id")?), client)? {
            return Ok(Err(message));
        }
    }
    let Some(issuer) = keys.get("issuer") else { return Ok(Ok(())) };
    let secrets = secrets(issuer)?;
    let secrets = match secrets {
        Ok(secrets) => secrets,
        Err(message) => return Ok(Err(message)),
    };
    let added = builder.issuer(&versions(&secrets), primary(issuer)?);
    Ok(added.map(|_| ()).map_err(|error| error.to_string()))
}

fn add(builder: &mut KeyRingBuilder, name: KeyName<'_>, entry: &Value) -> Fallible<Result<(), String>> {
    let secrets = match secrets(entry)? {
        Ok(secrets) => secrets,
        Err(message) => return Ok(Err(message)),
    };
    let added = builder.add(name, &versions(&secrets), primary(entry)?);
    Ok(added.map(|_| ()).map_err(|error| error.to_string()))
}

fn secrets(entry: &Value) -> Fallible<Secrets> {
    let mut secrets = Vec::new();
    for version in items(entry, "versions")? {
        let number = u32::try_from(number(version, "version")?)?;
        let secret = match version.get("secret_base64").and_then(Value::as_str) {
            None => text(version, "secret")?.as_bytes().to_vec(),
            Some(encoded) => match decode_base64(encoded, &mut vec![0; encoded.len()]) {
                Ok(secret) => secret.to_vec(),
                Err(cause) => return Ok(Err(cause.to_string())),
            },
        };
        secrets.push((number, secret));
    }
    Ok(Ok(secrets))
}

fn versions(secrets: &[(u32, Vec<u8>)]) -> Vec<Version<'_>> {
    secrets.iter().map(|(number, secret)| Version { number: *number, secret }).collect()
}

fn primary(entry: &Value) -> Fallible<u32> {
    Ok(u32::try_from(number(entry, "primary")?)?)
}
