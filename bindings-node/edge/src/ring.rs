//! Key rings.

use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, KeyStatus, Strength, Version};
use sealwire_host::redact::shown;
use sealwire_host::secret::{base64_secret, ring_error, text_secret};
use sealwire_host::{SharedRing, ring_from_env};
use zeroize::Zeroizing;

use crate::error::{Code, Error, Result};
use crate::memory::{call, call_with_secrets, utf8};
use crate::objects::{self, Object};
use crate::values::Properties;

/// Creates a key ring from settings (see [`build`]).
#[unsafe(no_mangle)]
extern "C" fn sealwire_ring() -> i32 {
    call_with_secrets(|input, _| objects::put(Object::Ring(SharedRing::new(build(input)?))))
}

/// Replaces all keys of a ring.
#[unsafe(no_mangle)]
extern "C" fn sealwire_replace_ring(ring: u32) -> i32 {
    call_with_secrets(|input, _| {
        objects::ring(ring)?.replace(build(input)?);
        Ok(0)
    })
}

/// Declares that the application adds keys to the ring while the service runs. Verifiers then do not require a
/// key in the ring for each sender in their settings.
#[unsafe(no_mangle)]
extern "C" fn sealwire_set_growing_ring(ring: u32) -> i32 {
    call(|_, _| {
        objects::ring(ring)?.set_growing();
        Ok(0)
    })
}

/// Writes the usage of each key version as five fields, each followed by a line break: the name, the version, 1
/// for the primary version or 0 for others, the number of accepted requests, and the Unix time of the last
/// accepted request in seconds. The last field is empty if no request was accepted.
#[unsafe(no_mangle)]
extern "C" fn sealwire_ring_status(ring: u32) -> i32 {
    call(|_, output| {
        for key in objects::ring(ring)?.status() {
            let KeyStatus { name, version, primary, accepted, last_accepted_s } = key;
            let last = last_accepted_s.map(|seconds| seconds.to_string()).unwrap_or_default();
            let line = format!("{name}\n{version}\n{}\n{accepted}\n{last}\n", u8::from(primary));
            output.extend_from_slice(line.as_bytes());
        }
        Ok(0)
    })
}

/// Writes a name for an error message. A name that could be a secret is replaced with a placeholder.
#[unsafe(no_mangle)]
extern "C" fn sealwire_shown_name() -> i32 {
    call(|input, output| {
        output.extend_from_slice(shown(utf8(input)?).as_bytes());
        Ok(0)
    })
}

/// Builds a key ring from settings. If `service` is set, reads the service's pairs from the environment
/// variables in `variables`, a list of alternating names and values. Otherwise reads `entries`. Each entry has
/// `name`, `peer` (only for a pair), `primary` and `versions`. A version's secret is in `text` or in `hex`.
fn build(json: &[u8]) -> Result<KeyRing> {
    let mut spec = Properties::parse(json)?;
    let strength = if spec.flag("allowWeak")? { Strength::AllowWeak } else { Strength::Required };
    let variables = spec.pairs("variables")?;
    if let Some(service) = spec.text("service")? {
        return ring_from_env(variables, &service, strength).map_err(|cause| Code::Keys.error(cause));
    }
    let mut builder = KeyRingBuilder::new(strength);
    for entry in spec.objects("entries")? {
        add(&mut builder, entry)?;
    }
    Ok(builder.build())
}

fn add(builder: &mut KeyRingBuilder, mut entry: Properties) -> Result<()> {
    let (name, peer) = (entry.text("name")?, entry.text("peer")?);
    let label = format!("key ring entry {}", shown(name.as_deref().unwrap_or("issuer")));
    let primary = number(&mut entry, "primary")?;
    let secrets = entry
        .objects("versions")?
        .into_iter()
        .map(|mut version| Ok((number(&mut version, "number")?, secret(version, &label, peer.is_some())?)))
        .collect::<Result<Vec<_>>>()?;
    let versions: Vec<_> =
        secrets.iter().map(|(number, secret)| Version { number: *number, secret }).collect();
    match (&name, &peer) {
        (Some(one), Some(other)) => builder.add(KeyName::Pair(one, other), &versions, primary),
        (Some(id), None) => builder.add(KeyName::Client(id), &versions, primary),
        (None, _) => builder.issuer(&versions, primary),
    }
    .map(drop)
    .map_err(|cause| Code::Keys.error(ring_error(cause)))
}

fn number(properties: &mut Properties, name: &str) -> Result<u32> {
    let number = properties.whole(name)?.and_then(|number| u32::try_from(number).ok());
    number.ok_or_else(|| Code::Keys.error(format_args!("{name}: pass a version number")))
}

fn secret(mut version: Properties, label: &str, base64: bool) -> Result<Zeroizing<Vec<u8>>> {
    if let Some(hex) = version.text("hex")?.map(Zeroizing::new) {
        return bytes(&hex).ok_or_else(|| Code::Keys.error(format_args!("{label}: the secret is not bytes")));
    }
    let text = Zeroizing::new(version.text("text")?.unwrap_or_default());
    let read = if base64 { base64_secret } else { text_secret };
    read(label, &text).map_err(|cause: sealwire_host::ConfigError| -> Error { Code::Keys.error(cause) })
}

fn bytes(hex: &str) -> Option<Zeroizing<Vec<u8>>> {
    let digit = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
    let mut secret = Zeroizing::new(Vec::with_capacity(pairs.len()));
    for [high, low] in pairs {
        secret.push((digit(*high)? << 4) | digit(*low)?);
    }
    rest.is_empty().then_some(secret)
}
