//! Reads the keys of service pairs from environment variables. `HMAC_SECRET_<A>_<B>` contains version 1 of a
//! secret. Variables for other versions have the suffix `_V<n>`. `HMAC_PRIMARY_<A>_<B>` selects the version
//! used for signing.
//!
//! Without `HMAC_PRIMARY`, the lowest version is used for signing. A new version `_V2` is therefore not used
//! for signing until `HMAC_PRIMARY` selects it.

use std::collections::BTreeMap;

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version, variable_name};

use crate::ConfigError;

pub(crate) const SECRET: &str = "HMAC_SECRET_";
pub(crate) const PRIMARY: &str = "HMAC_PRIMARY_";

/// Returns the name of the variable that contains the secret of a pair of services.
#[must_use]
pub fn secret_variable(one: &str, other: &str) -> String {
    let mut variable = String::new();
    // Shells cannot export a name with a hyphen.
    variable_name(one, other, |piece| variable.push_str(&piece.to_ascii_uppercase().replace('-', "_")));
    variable
}

/// Returns the correct variable name for a pair whose names are in the wrong order. Returns `None` if the
/// names are in the right order, or if there are several ways to split the text into two names.
pub(crate) fn in_order(pair: &str) -> Option<String> {
    let mut splits = pair.match_indices('_').map(|(place, _)| pair.split_at(place));
    let (one, other) = splits.next().filter(|_| splits.next().is_none())?;
    let other = other.strip_prefix('_').filter(|other| !other.is_empty() && !one.is_empty())?;
    (one > other).then(|| secret_variable(&one.to_ascii_lowercase(), &other.to_ascii_lowercase()))
}

/// Returns the variable for this pair with the names in the wrong order, if such a variable is set.
fn reversed(variables: &BTreeMap<String, String>, one: &str, other: &str) -> Option<String> {
    let right = secret_variable(one, other);
    let upper = |name: &str| name.to_ascii_uppercase().replace('-', "_");
    let either = [(one, other), (other, one)].map(|(a, b)| format!("{SECRET}{}_{}", upper(a), upper(b)));
    either.into_iter().find(|name| *name != right && variables.contains_key(name))
}

/// Creates a key ring from the variables of all pairs that contain `service`. Peer names are converted to
/// lower case.
///
/// # Errors
/// [`ConfigError`] with the name of the invalid variable.
pub fn ring_from_env(
    variables: impl IntoIterator<Item = (String, String)>,
    service: &str,
    strength: Strength,
) -> Result<KeyRing, ConfigError> {
    if service.is_empty() {
        return Err(error("service", "set the name of this service: its variables contain the name"));
    }
    let variables: BTreeMap<String, String> = variables.into_iter().collect();
    for name in variables.keys() {
        check_name(&variables, name, service)?;
    }
    let mut builder = KeyRingBuilder::new(strength);
    let mut found = false;
    for (own, peer) in pairs(&variables, service) {
        add(&mut builder, &variables, &own, &peer)?;
        found = true;
    }
    if found {
        return Ok(builder.build());
    }
    let variable = secret_variable(service, "peer").replace("PEER", "<PEER>");
    Err(ConfigError {
        entry: variable,
        advice: format!("set a base64 secret for each service {service} talks to"),
    })
}

/// Checks the name of a variable, because a variable of this service with a misspelt name would be ignored.
fn check_name(variables: &BTreeMap<String, String>, name: &str, service: &str) -> Result<(), ConfigError> {
    let capitals = name.to_ascii_uppercase();
    let parts =
        [SECRET, PRIMARY].into_iter().find_map(|prefix| Some((prefix, capitals.strip_prefix(prefix)?)));
    let Some((prefix, rest)) = parts else { return Ok(()) };
    let pair = split_version(rest).0;
    let own = service.to_ascii_uppercase().replace('-', "_");
    if let Some(right) = in_order(pair).filter(|_| pair.split('_').any(|each| each == own)) {
        let right = right.replacen(SECRET, prefix, 1) + rest.strip_prefix(pair).unwrap_or_default();
        let advice = format!("the names of the services must be in alphabetical order; rename it to {right}");
        return Err(error(name, &advice));
    }
    if let Some(pair) = miswritten_version(rest).filter(|pair| peer(pair, service).is_some()) {
        return Err(error(name, &version_advice(prefix, pair)));
    }
    if peer(pair, service).is_none() {
        return Ok(());
    }
    if capitals != name {
        return Err(error(name, &format!("must be in upper case; rename it to {capitals}")));
    }
    if prefix == PRIMARY && pair != rest {
        return Err(error(name, &format!("has no version in its name; rename it to {PRIMARY}{pair}")));
    }
    let mut pairs = variables.keys().filter_map(|name| Some(split_version(name.strip_prefix(SECRET)?).0));
    if prefix == PRIMARY && !pairs.any(|other| other == pair) {
        return Err(error(name, &format!("is set, but {SECRET}{pair} is not")));
    }
    Ok(())
}

/// Creates a key ring for the given pairs. There must be a variable for each pair.
///
/// # Errors
/// [`ConfigError`] with the name of the missing or invalid variable.
pub fn ring_of_pairs(
    variables: impl IntoIterator<Item = (String, String)>,
    pairs: &[(String, String)],
    strength: Strength,
) -> Result<KeyRing, ConfigError> {
    let variables: BTreeMap<String, String> = variables.into_iter().collect();
    let mut builder = KeyRingBuilder::new(strength);
    for (one, other) in pairs {
        add(&mut builder, &variables, one, other)?;
    }
    Ok(builder.build())
}

/// Returns the service and its peer for each variable. The service name is returned as the variable spells
/// it, because `practices_service` and `practices` identify the same service.
fn pairs(variables: &BTreeMap<String, String>, service: &str) -> Vec<(String, String)> {
    let names =
        variables.keys().filter_map(|name| name.strip_prefix(SECRET)).map(|name| split_version(name).0);
    let mut found: Vec<_> = names.filter_map(|name| peer(name, service)).collect();
    found.sort();
    found.dedup();
    found
}

fn peer(pair: &str, service: &str) -> Option<(String, String)> {
    let short = service.strip_suffix("_service").filter(|short| !short.is_empty());
    [Some(service), short].into_iter().flatten().find_map(|own| {
        let upper = own.to_ascii_uppercase().replace('-', "_");
        let before = pair.strip_prefix(&upper).and_then(|rest| rest.strip_prefix('_'));
        let after = pair.strip_suffix(&upper).and_then(|rest| rest.strip_suffix('_'));
        let peer = before.or(after).filter(|peer| !peer.is_empty())?.to_ascii_lowercase();
        // The names in a variable are in alphabetical order. If they are not, the text was split at the wrong
        // place, and the variable belongs to another pair.
        (secret_variable(own, &peer).strip_prefix(SECRET) == Some(pair)).then(|| (own.to_owned(), peer))
    })
}

fn add(
    builder: &mut KeyRingBuilder,
    variables: &BTreeMap<String, String>,
    one: &str,
    other: &str,
) -> Result<(), ConfigError> {
    let base = secret_variable(one, other);
    let mut versions = Vec::new();
    for (name, value) in variables {
        if let (rest, Some(number)) = split_version(name)
            && rest == base
        {
            versions.push((number, decode(name, value)?));
        } else if *name == base {
            versions.push((1, decode(name, value)?));
        }
    }
    versions.sort_by_key(|(number, _)| *number);
    let lowest = versions.first().map(|(number, _)| *number);
    let lowest = lowest.ok_or_else(|| match reversed(variables, one, other) {
        Some(wrong) => error(
            &base,
            &format!("is not set, but {wrong} is; rename it: the names are in alphabetical order"),
        ),
        None => error(&base, "is not set; set it to 32 or more random bytes in base64"),
    })?;
    let primary = primary(variables, &base)?.unwrap_or(lowest);
    let versions: Vec<_> =
        versions.iter().map(|(number, secret)| Version { number: *number, secret }).collect();
    builder
        .add(KeyName::Pair(one, other), &versions, primary)
        .map(drop)
        .map_err(|cause| error(&base, &crate::secret::ring_error(cause).to_string()))
}

fn primary(variables: &BTreeMap<String, String>, base: &str) -> Result<Option<u32>, ConfigError> {
    let variable = base.replacen(SECRET, PRIMARY, 1);
    let Some(value) = variables.get(&variable) else { return Ok(None) };
    value.trim().parse().map(Some).map_err(|_| error(&variable, "must be the number of a version"))
}

/// Splits the suffix `_V<n>` from a variable name. A service name `v2` at the end of a variable name is also
/// treated as this suffix.
pub(crate) fn split_version(name: &str) -> (&str, Option<u32>) {
    let split = name.rsplit_once("_V").and_then(|(rest, digits)| {
        let plain = digits.bytes().all(|digit| digit.is_ascii_digit()) && !digits.starts_with('0');
        digits.parse().ok().filter(|_| plain).map(|number| (rest, Some(number)))
    });
    split.unwrap_or((name, None))
}

/// Returns the name without its version suffix if the version has leading zeros or is too large.
pub(crate) fn miswritten_version(name: &str) -> Option<&str> {
    let (pair, digits) = name.rsplit_once("_V")?;
    let is_number = !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    (is_number && split_version(name).1.is_none()).then_some(pair)
}

/// Returns the fix for a variable whose version is not valid.
pub(crate) fn version_advice(prefix: &str, pair: &str) -> String {
    format!(
        "must end in the number of a version, from 1 to {} without leading zeros, such as {prefix}{pair}_V2",
        u32::MAX
    )
}

fn decode(variable: &str, value: &str) -> Result<zeroize::Zeroizing<Vec<u8>>, ConfigError> {
    crate::secret::base64_secret(variable, value)
}

fn error(entry: &str, advice: &str) -> ConfigError {
    ConfigError { entry: entry.into(), advice: advice.into() }
}

#[cfg(test)]
#[expect(clippy::expect_used, reason = "a test fails by panicking")]
mod tests {
    use super::ring_from_env;
    use sealwire_core::keys::Strength;

    const SECRET: &str = "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=";
    const OTHER: &str = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=";

    fn ring(names: &[&str]) -> Result<usize, String> {
        let value = |name: &str| match name {
            "HMAC_SECRET_AGENT_PRACTICES" => SECRET,
            _ if name.starts_with("HMAC_SECRET") => OTHER,
            _ => "1",
        };
        let variables = names.iter().map(|name| ((*name).to_owned(), value(name).to_owned()));
        ring_from_env(variables, "practices", Strength::default())
            .map(|ring| ring.len())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_misspelt_name_of_a_variable_is_an_error() {
        let pair = "HMAC_SECRET_AGENT_PRACTICES";
        for (name, advice) in [
            ("HMAC_SECRET_PRACTICES_AGENT_V2", "rename it to HMAC_SECRET_AGENT_PRACTICES_V2"),
            ("HMAC_PRIMARY_PRACTICES_AGENT", "rename it to HMAC_PRIMARY_AGENT_PRACTICES"),
            ("HMAC_PRIMARY_AGNT_PRACTICES", "is set, but HMAC_SECRET_AGNT_PRACTICES is not"),
            ("HMAC_PRIMARY_AGENT_PRACTICES_V1", "rename it to HMAC_PRIMARY_AGENT_PRACTICES"),
            ("HMAC_SECRET_AGENT_PRACTICES_V02", "without leading zeros"),
            ("HMAC_SECRET_AGENT_PRACTICES_V0", "without leading zeros"),
            ("HMAC_SECRET_AGENT_PRACTICES_V99999999999", "from 1 to 4294967295"),
            ("HMAC_SECRET_AGENT_PRACTICES_v2", "rename it to HMAC_SECRET_AGENT_PRACTICES_V2"),
            ("hmac_primary_agent_practices", "rename it to HMAC_PRIMARY_AGENT_PRACTICES"),
        ] {
            let error = ring(&[pair, name]).expect_err(name);
            assert!(error.starts_with(&format!("{name}: ")) && error.contains(advice), "{error}");
        }
    }

    #[test]
    fn variables_of_other_services_are_ignored() {
        let pair = "HMAC_SECRET_AGENT_PRACTICES";
        for name in [
            "HMAC_SECRET_AGENT_PRACTICES_V2",
            "HMAC_PRIMARY_AGENT_PRACTICES",
            "HMAC_PRIMARY_AGENT_MEALS",
            "HMAC_SECRET_AGENT_MEALS_V02",
            "HMAC_SECRET_agent_meals",
            "HMAC_SECRET_",
            "HMAC_PRIMARY_",
            "HMAC_AUTH_ENABLED",
        ] {
            assert_eq!(ring(&[pair, name]), Ok(1), "{name}");
        }
    }
}
