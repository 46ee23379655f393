//! Compares the names in settings with the names in a key ring.

use sealwire_core::keys::{KeyName, KeyRing};
use sealwire_core::{Policy, Scheme, canonical_name};

use crate::ConfigError;
use crate::config_error::error;
use crate::redact::shown;
use crate::settings::nearest::nearest;
use crate::signer::Signer;

/// Returns the canonical names of the senders that have keys: the clients, and the services that form a pair
/// with `service`.
fn senders(ring: &KeyRing, service: &str) -> Vec<String> {
    ring.status().filter_map(|key| other_name(&key.name, service)).collect()
}

/// Returns the other service of a pair that contains `service`, or the id of a client. Returns `None` for a
/// pair that does not contain `service`.
fn other_name(entry: &str, service: &str) -> Option<String> {
    let service = canonical_name(service);
    match entry.split_once('/') {
        None => Some(entry.into()),
        Some((one, other)) if canonical_name(one) == service => Some(canonical_name(other).into()),
        Some((one, other)) if canonical_name(other) == service => Some(canonical_name(one).into()),
        Some(_) => None,
    }
}

/// Returns the senders in the settings that have no keys.
///
/// # Errors
/// [`ConfigError`] for a sender without keys whose name is similar to the name of a sender with keys. If the
/// settings contain both names, this is not an error, because there can be services with similar names.
pub(crate) fn without_keys(policy: &Policy, ring: &KeyRing) -> Result<Vec<String>, ConfigError> {
    let known = senders(ring, policy.service.as_str());
    let listed: Vec<&str> =
        policy.senders.iter().map(|sender| canonical_name(sender.name.as_str())).collect();
    let free: Vec<&str> = known.iter().map(String::as_str).filter(|name| !listed.contains(name)).collect();
    let mut without = Vec::new();
    for name in listed {
        if known.iter().any(|known| known == name) {
            continue;
        }
        if let Some(near) = nearest(name, &free) {
            let advice = format!("there is no key for this sender; did you mean {}?", shown(near));
            return Err(error(&format!("senders.{}", shown(name)), &advice));
        }
        without.push(shown(name));
    }
    Ok(without)
}

/// Returns `true` if the key ring contains keys, but none of them can verify a request under the policy. The
/// reason is usually a misspelt service name or a missing scheme.
pub(crate) fn uses_no_key(policy: &Policy, ring: &KeyRing) -> bool {
    let service = canonical_name(policy.service.as_str());
    let is_used = |name: KeyName<'_>| match name {
        KeyName::Client(_) => policy.schemes.iter().flatten().any(|scheme| *scheme != Scheme::Pairwise),
        KeyName::Pair(one, other) => {
            [one, other].contains(&service)
                && policy.schemes.iter().flatten().any(|scheme| *scheme != Scheme::Client)
        }
    };
    ring.names().next().is_some() && !ring.names().any(is_used)
}

impl Signer {
    /// Checks that the signer has a key for requests to `receiver`. Client integrations call this function if
    /// they know the receiver at start-up.
    ///
    /// # Errors
    /// [`ConfigError`] if a scheme requires a pair key and the key ring contains no pair key for this
    /// receiver.
    pub fn check_receiver(&self, receiver: &str) -> Result<(), ConfigError> {
        let ring = self.ring.load();
        let is_client = ring.status().any(|key| key.name == self.name);
        let signs = |scheme: Scheme| self.schemes.contains(&Some(scheme));
        let needs_pair = signs(Scheme::Pairwise) || (signs(Scheme::Message) && !is_client);
        if !needs_pair {
            return Ok(());
        }
        let partners: Vec<_> = ring
            .status()
            .filter(|key| key.name.contains('/'))
            .filter_map(|key| other_name(&key.name, &self.name))
            .collect();
        if partners.iter().any(|partner| partner == canonical_name(receiver)) {
            return Ok(());
        }
        if receiver.is_empty() {
            return Err(error(
                "receiver",
                &format!("set it to the service that {} calls", shown(&self.name)),
            ));
        }
        let names: Vec<&str> = partners.iter().map(String::as_str).collect();
        let advice = nearest(canonical_name(receiver), &names).map_or_else(
            || "add a key for the pair".to_owned(),
            |near| format!("did you mean {}?", shown(near)),
        );
        let (name, receiver) = (shown(&self.name), shown(receiver));
        Err(error("receiver", &format!("no key for the pair of {name} and {receiver}; {advice}")))
    }
}

#[cfg(test)]
mod tests;
