//! Hypotheses about the sender, the receiver and the key version.

use sealwire_core::keys::{KeyName, KeySource};
use sealwire_core::{Scheme, canonical_name, message};

use super::{Case, Edit, MAX_SIGNED_BYTES, What, own_headers};

const SUFFIX: &str = "_service";

/// Returns the hypotheses about names and key ids.
pub(super) fn names(case: &Case<'_>) -> Vec<Edit> {
    let mut edits = receivers(case);
    match case.scheme {
        Scheme::Pairwise | Scheme::Client => edits.extend(senders(case)),
        _ => edits.extend(key_ids(case)),
    }
    edits
}

/// Returns hypotheses for a request that was signed for a different receiver.
fn receivers(case: &Case<'_>) -> Vec<Edit> {
    if case.scheme == Scheme::Client {
        return Vec::new();
    }
    let services = services(case);
    let own = canonical_name(case.service);
    let other_forms =
        [own.to_owned(), format!("{own}{SUFFIX}")].into_iter().filter(|name| name != case.service);
    let forms = other_forms.map(|name| {
        let sentence =
            format!("the sender calls this service {name}, and this service calls itself {}", case.service);
        Edit::new("pair", sentence, What::Service(name))
    });
    let others = services.iter().filter(|name| canonical_name(name) != own);
    let others = others.flat_map(|name| [name.clone(), format!("{name}{SUFFIX}")]).map(|name| {
        let sentence = format!(
            "the request was signed for {name}, not for {}: the sender uses the wrong pair or the wrong address",
            case.service
        );
        Edit::new("pair", sentence, What::Service(name))
    });
    forms.chain(others).collect()
}

/// Returns hypotheses for a changed sender name.
fn senders(case: &Case<'_>) -> Vec<Edit> {
    let [header, _] = own_headers(case.scheme);
    let Some(arrived) = case.request.header(header) else { return Vec::new() };
    let clients = case.ring.names().filter_map(|name| match name {
        KeyName::Client(id) => Some(id.to_owned()),
        KeyName::Pair(..) => None,
    });
    let names = if case.scheme == Scheme::Client { clients.collect() } else { services(case) };
    let names = names.iter().flat_map(|name| [name.clone(), format!("{name}{SUFFIX}")]);
    let names = names.filter(|name| name != arrived && name != case.service);
    names
        .map(|name| {
            let sentence =
                format!("the request was signed as {name}, but {header} contains a different name");
            Edit::new("sender", sentence, What::Header(header.to_owned(), Some(name)))
        })
        .collect()
}

/// Returns the names of all services that are part of a pair in the key ring.
fn services(case: &Case<'_>) -> Vec<String> {
    let mut services: Vec<String> = Vec::new();
    for name in case.ring.names() {
        let KeyName::Pair(one, other) = name else { continue };
        for service in [one, other] {
            if !services.iter().any(|held| held == service) {
                services.push(service.to_owned());
            }
        }
    }
    services
}

/// Returns hypotheses for a changed key id. A key id contains the sender, the receiver and the key version.
fn key_ids(case: &Case<'_>) -> Vec<Edit> {
    let name = message::SIGNATURE_INPUT;
    let value = case.request.header(name).filter(|value| value.len() <= MAX_SIGNED_BYTES);
    let Some(value) = value else { return Vec::new() };
    let Some((before, rest)) = value.split_once("keyid=\"") else { return Vec::new() };
    let Some((arrived, after)) = rest.split_once('"') else { return Vec::new() };
    let own = canonical_name(case.service);
    let mut edits = Vec::new();
    for entry in case.ring.names() {
        let ids = match entry {
            KeyName::Client(id) => vec![id.to_owned()],
            KeyName::Pair(one, other) if one == own => vec![format!("{other}/{one}")],
            KeyName::Pair(one, other) if other == own => vec![format!("{one}/{other}")],
            KeyName::Pair(..) => continue,
        };
        let versions: Vec<u32> = case
            .ring
            .find(entry)
            .map_or_else(Vec::new, |set| set.keys().iter().map(|key| key.version()).collect());
        for (id, version) in ids.iter().flat_map(|id| versions.iter().map(move |version| (id, version))) {
            let signed = format!("{id}#{version}");
            let is_version = arrived.rsplit_once('#').is_some_and(|(name, _)| name == id);
            let culprit = if is_version { "key version" } else { "sender" };
            let sentence = format!("the request was signed with the key id {signed}, but {arrived} arrived");
            let changed = format!("{before}keyid=\"{signed}\"{after}");
            edits.push(Edit::new(culprit, sentence, What::Header(name.to_owned(), Some(changed))));
        }
    }
    edits
}
