//! Reads key sets from the variables of a `.env` file. `HMAC_SECRET_<A>_<B>` contains version 1 of a secret.
//! Variables for other versions have the suffix `_V<n>`. `HMAC_PRIMARY_<A>_<B>` selects the primary version.

use std::collections::BTreeSet;

use zeroize::Zeroizing;

use crate::ConfigError;
use crate::config_error::error;
use crate::env::{PRIMARY, SECRET, miswritten_version, secret_variable, split_version, version_advice};
use crate::key_file::dotenv::Dotenv;
use crate::key_file::{Entry, FileSecret, FileVersion, KeyFile, Section};

pub(super) fn key_file(file: &str, lines: &Dotenv) -> Result<KeyFile, ConfigError> {
    let pairs = pairs(lines);
    if pairs.is_empty() {
        let variable = secret_variable("one", "other");
        let advice =
            format!("contains no keys; add variables such as {variable}, with the names of two services");
        return Err(error(file, &advice));
    }
    for (name, _) in lines.variables() {
        check_name(name, &pairs)?;
    }
    let entries = pairs.iter().map(|pair| entry(file, lines, pair, &pairs));
    Ok(KeyFile {
        file: file.into(),
        entries: entries.collect::<Result<_, _>>()?,
        allow_weak: false,
        table: None,
    })
}

/// Checks the name of a variable, because a variable with a misspelt name would be ignored or would be another
/// pair.
fn check_name(name: &str, pairs: &BTreeSet<String>) -> Result<(), ConfigError> {
    if let Some(pair) = name.strip_prefix(SECRET).and_then(miswritten_version) {
        return Err(error(name, &version_advice(SECRET, pair)));
    }
    match name.strip_prefix(PRIMARY).filter(|pair| !pairs.contains(*pair)) {
        Some(pair) => Err(error(name, &format!("is set, but {SECRET}{pair} is not"))),
        None => Ok(()),
    }
}

/// Returns the pairs that have secrets, such as `AGENT_PRACTICES`, without the prefix and the version suffix
/// of the variables.
pub(super) fn pairs(lines: &Dotenv) -> BTreeSet<String> {
    let names = lines.variables().filter_map(|(name, _)| name.strip_prefix(SECRET));
    names.map(|name| split_version(name).0.to_owned()).collect()
}

/// Returns the versions of a pair, each with its variable name.
pub(super) fn versions(lines: &Dotenv, pair: &str) -> Vec<(u32, String)> {
    let mut found: Vec<_> = lines
        .variables()
        .filter_map(|(name, _)| {
            let (own, version) = split_version(name.strip_prefix(SECRET)?);
            (own == pair).then(|| (version.unwrap_or(1), name.to_owned()))
        })
        .collect();
    found.sort();
    found.dedup();
    found
}

/// Returns the primary version of a pair, which is the lowest version by default.
pub(super) fn primary(lines: &Dotenv, pair: &str) -> Result<u32, ConfigError> {
    let variable = primary_variable(pair);
    match lines.get(&variable).filter(|value| !value.is_empty()) {
        Some(value) => {
            value.trim().parse().map_err(|_| error(&variable, "must be the number of the version that signs"))
        }
        None => Ok(versions(lines, pair).first().map_or(1, |(number, _)| *number)),
    }
}

pub(super) fn primary_variable(pair: &str) -> String {
    format!("{PRIMARY}{pair}")
}

fn entry(file: &str, lines: &Dotenv, pair: &str, all: &BTreeSet<String>) -> Result<Entry, ConfigError> {
    let (one, other) = services(file, pair, all)?;
    let versions = versions(lines, pair).into_iter().map(|(number, variable)| FileVersion {
        number,
        secret: FileSecret::Text(Zeroizing::new(lines.get(&variable).unwrap_or_default().to_owned())),
        raw: false,
        retire_after_s: None,
    });
    Ok(Entry {
        section: Section::Pairs,
        name: format!("{one}/{other}"),
        primary: primary(lines, pair)?,
        versions: versions.collect(),
    })
}

/// Returns the two services in a variable name. Service names can contain `_`, so there may be several ways
/// to split the name. If one of them consists of services that also occur in other variables, it is used. If
/// there are several of these, the variable is rejected. If there are none, the first split is used.
pub(super) fn services(
    file: &str,
    pair: &str,
    all: &BTreeSet<String>,
) -> Result<(String, String), ConfigError> {
    let readings = readings(pair);
    let variable = format!("{SECRET}{pair}");
    let Some(first) = readings.first() else {
        return Err(error(file, &format!("{variable} {}", order_advice(pair))));
    };
    let others: BTreeSet<String> = all
        .iter()
        .filter(|other| *other != pair)
        .flat_map(|other| self::readings(other))
        .flat_map(|(one, other)| [one, other])
        .collect();
    let known = |(one, other): &&(String, String)| others.contains(one) && others.contains(other);
    let mut known = readings.iter().filter(known);
    match (known.next(), known.next()) {
        (Some((one, other)), Some((third, fourth))) if readings.len() > 1 => {
            let advice = format!(
                "{variable} can mean {one} and {other}, or {third} and {fourth}, and the file contains all of them; \
                 rename a service, or use a TOML key file"
            );
            Err(error(file, &advice))
        }
        (Some(found), _) => Ok(found.clone()),
        (None, _) => Ok(first.clone()),
    }
}

/// Returns all pairs of services that result in this variable name.
fn readings(pair: &str) -> Vec<(String, String)> {
    let lower = pair.to_ascii_lowercase();
    let places = lower.match_indices('_').map(|(place, _)| lower.split_at(place));
    let names = places.filter_map(|(one, other)| Some((one.to_owned(), other.strip_prefix('_')?.to_owned())));
    names
        .filter(|(one, other)| !one.is_empty() && !other.is_empty() && one != other)
        .filter(|(one, other)| secret_variable(one, other).strip_prefix(SECRET) == Some(pair))
        .collect()
}

fn order_advice(pair: &str) -> String {
    let fix = crate::env::in_order(pair).map(|name| format!("; rename it to {name}")).unwrap_or_default();
    format!("must contain two services, in alphabetical order{fix}")
}
