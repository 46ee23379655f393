//! Key rings, created from JavaScript objects, environment variables or files.

use std::sync::Arc;

use napi::bindgen_prelude::{Either, External, Uint8Array};
use napi_derive::napi;
use sealwire_core::keys::{KeyName, KeyRing, KeyRingBuilder, Strength, Version};
use sealwire_host::SharedRing;
use sealwire_host::redact::shown;
use sealwire_host::secret::{base64_secret, ring_error, text_secret};
use zeroize::Zeroizing;

use crate::error::{Code, Result};

/// A key ring that several signers and verifiers can share.
pub type Ring = Arc<SharedRing>;

/// A key version.
#[napi(object, object_to_js = false)]
pub struct VersionSpec {
    /// The number of the version.
    pub number: u32,
    /// The secret as bytes or text.
    pub secret: Either<Uint8Array, String>,
}

/// An entry of a key ring.
#[napi(object, object_to_js = false)]
pub struct EntrySpec {
    /// The client id, or the name of one service in a pair. It is `undefined` for the key that signs connection
    /// strings.
    pub name: Option<String>,
    /// The other service in a pair. If the secret of a pair is a string, it is decoded as Base64.
    pub peer: Option<String>,
    /// The number of the primary version, which is used to sign.
    pub primary: u32,
    /// All versions of the key.
    pub versions: Vec<VersionSpec>,
}

/// The source of a key ring: entries or environment variables.
#[napi(object, object_to_js = false)]
pub struct RingSpec {
    /// The entries.
    pub entries: Option<Vec<EntrySpec>>,
    /// Environment variables. Each array contains the name and the value of a variable.
    pub variables: Option<Vec<Vec<String>>>,
    /// The service whose pair secrets are read from the variables.
    pub service: Option<String>,
    /// Whether secrets shorter than 32 bytes are accepted.
    pub allow_weak: bool,
}

/// The usage of a key version.
#[napi(object, object_from_js = false)]
pub struct KeyUse {
    /// The name of the entry.
    pub name: String,
    /// The number of the version.
    pub version: u32,
    /// Whether this version is the primary version, which is used for signing.
    pub primary: bool,
    /// The number of requests accepted with this version.
    pub accepted: f64,
    /// The Unix time of the last accepted request, in seconds.
    pub last_accepted_s: Option<u32>,
}

/// Creates a key ring.
#[napi(catch_unwind)]
pub fn new_ring(spec: RingSpec) -> Result<External<Ring>> {
    Ok(External::new(SharedRing::new(build(spec)?)))
}

/// Replaces all keys of a key ring atomically.
#[napi(catch_unwind)]
pub fn replace_ring(ring: &External<Ring>, spec: RingSpec) -> Result<()> {
    ring.replace(build(spec)?);
    Ok(())
}

/// Declares that the application adds keys to the ring while the service runs. Verifiers then do not require a
/// key in the ring for each sender in their settings.
#[napi(catch_unwind)]
pub fn set_growing_ring(ring: &External<Ring>) {
    ring.set_growing();
}

/// Returns the usage of all key versions.
#[napi(catch_unwind)]
pub fn ring_status(ring: &External<Ring>) -> Vec<KeyUse> {
    let status = |key: sealwire_core::keys::KeyStatus| KeyUse {
        name: key.name,
        version: key.version,
        primary: key.primary,
        #[expect(
            clippy::cast_precision_loss,
            reason = "JavaScript numbers are doubles, which are exact up to 2^53"
        )]
        accepted: key.accepted as f64,
        last_accepted_s: key.last_accepted_s,
    };
    ring.status().into_iter().map(status).collect()
}

fn build(spec: RingSpec) -> Result<KeyRing> {
    let strength = if spec.allow_weak { Strength::AllowWeak } else { Strength::Required };
    if let (Some(variables), Some(service)) = (spec.variables, spec.service) {
        let variables = variables.into_iter().filter_map(pair);
        return sealwire_host::ring_from_env(variables, &service, strength)
            .map_err(|cause| Code::Keys.error(cause));
    }
    let mut builder = KeyRingBuilder::new(strength);
    for entry in spec.entries.unwrap_or_default() {
        add(&mut builder, entry)?;
    }
    Ok(builder.build())
}

fn pair(variable: Vec<String>) -> Option<(String, String)> {
    let [name, value] = <[String; 2]>::try_from(variable).ok()?;
    Some((name, value))
}

fn add(builder: &mut KeyRingBuilder, entry: EntrySpec) -> Result<()> {
    let secrets = entry
        .versions
        .into_iter()
        .map(|version| {
            Ok((version.number, bytes(version.secret, entry.peer.is_some(), entry.name.as_deref())?))
        })
        .collect::<Result<Vec<_>>>()?;
    let versions: Vec<_> =
        secrets.iter().map(|(number, secret)| Version { number: *number, secret }).collect();
    match (&entry.name, &entry.peer) {
        (Some(one), Some(other)) => builder.add(KeyName::Pair(one, other), &versions, entry.primary),
        (Some(id), None) => builder.add(KeyName::Client(id), &versions, entry.primary),
        (None, _) => builder.issuer(&versions, entry.primary),
    }
    .map(drop)
    .map_err(|cause| Code::Keys.error(ring_error(cause)))
}

fn bytes(secret: Either<Uint8Array, String>, base64: bool, name: Option<&str>) -> Result<Zeroizing<Vec<u8>>> {
    match secret {
        Either::A(bytes) => Ok(Zeroizing::new(bytes.to_vec())),
        Either::B(text) => {
            let text = Zeroizing::new(text);
            let entry = format!("key ring entry {}", shown(name.unwrap_or("issuer")));
            let read = if base64 { base64_secret } else { text_secret };
            read(&entry, &text).map_err(|cause| Code::Keys.error(cause))
        }
    }
}
