#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::Arc;

use sealwire_core::keys::{KeyName, KeyRingBuilder, Strength, Version};

use crate::{SenderConfig, SharedRing, Signer, Verifier, VerifierConfig, schemes};

fn ring() -> Arc<SharedRing> {
    let mut ring = KeyRingBuilder::new(Strength::Required);
    let secret: Vec<u8> = (0..32).collect();
    let versions = [Version { number: 1, secret: &secret }];
    for name in [
        KeyName::Pair("agent", "practices"),
        KeyName::Pair("agent", "billing"),
        KeyName::Pair("gateway_service", "practices"),
        KeyName::Client("cli"),
    ] {
        ring.add(name, &versions, 1).unwrap();
    }
    SharedRing::new(ring.build())
}

fn verifier(senders: &[&str], ring: Arc<SharedRing>) -> Verifier {
    let sender = |name: &&str| SenderConfig { name: (*name).into(), ..SenderConfig::default() };
    let config = VerifierConfig {
        service: "practices".into(),
        authorities: vec!["any".into()],
        senders: senders.iter().map(sender).collect(),
        ..VerifierConfig::default()
    };
    Verifier::new(config.into_policy().unwrap(), ring, None)
}

#[test]
fn senders_with_keys_are_accepted_with_and_without_the_suffix() {
    let verifier = verifier(&["agent_service", "gateway", "cli"], ring());
    verifier.check().unwrap();
    assert!(verifier.warnings().is_empty());
}

#[test]
fn a_name_similar_to_a_sender_with_keys_is_an_error() {
    let error = verifier(&["agnet"], ring()).check().unwrap_err().to_string();
    assert_eq!(error, "senders.agnet: there is no key for this sender; did you mean agent?");
}

#[test]
fn an_unknown_name_causes_only_a_warning() {
    let verifier = verifier(&["reports"], ring());
    verifier.check().unwrap();
    assert!(verifier.warnings().concat().contains("reports"), "{:?}", verifier.warnings());
}

#[test]
fn the_peer_of_another_service_is_not_a_sender_of_this_one() {
    assert!(verifier(&["billing"], ring()).warnings().concat().contains("billing"));
}

#[test]
fn two_listed_senders_with_similar_names_can_both_exist() {
    let verifier = verifier(&["agent", "agent2"], ring());
    verifier.check().unwrap();
    assert!(verifier.warnings().concat().contains("agent2"));
}

#[test]
fn names_are_not_compared_if_keys_are_added_later() {
    let empty = SharedRing::new(KeyRingBuilder::new(Strength::Required).build());
    verifier(&["agnet"], empty).check().unwrap();
    let growing = ring();
    growing.set_growing();
    let verifier = verifier(&["agnet"], growing);
    verifier.check().unwrap();
    assert!(verifier.warnings().is_empty());
}

#[test]
fn a_service_without_usable_keys_causes_a_warning() {
    let warns = |service: &str, scheme: &str, names: &[KeyName<'_>]| {
        let mut ring = KeyRingBuilder::new(Strength::Required);
        let secret: Vec<u8> = (0..32).collect();
        for name in names {
            ring.add(*name, &[Version { number: 1, secret: &secret }], 1).unwrap();
        }
        let config = VerifierConfig {
            service: service.into(),
            schemes: vec![scheme.into()],
            authorities: vec!["any".into()],
            ..VerifierConfig::default()
        };
        let verifier = Verifier::new(config.into_policy().unwrap(), SharedRing::new(ring.build()), None);
        verifier.check().unwrap();
        verifier.warnings().concat().contains("all requests are rejected")
    };
    let pair = [KeyName::Pair("agent", "practices_service")];
    let client = [KeyName::Client("cli")];
    for (service, scheme, names, expected) in [
        ("practices", "message", &pair, false),
        ("practice", "message", &pair, true),
        ("practice", "pairwise", &pair, true),
        ("practices", "client", &pair, true),
        ("practices", "client", &client, false),
        ("practices", "message", &client, false),
        ("practices", "pairwise", &client, true),
    ] {
        assert_eq!(warns(service, scheme, names), expected, "{service} {scheme}");
    }
    assert!(!warns("practices", "message", &[]));
}

fn receiver(name: &str, scheme: &str, receiver: &str) -> Result<(), String> {
    let signer = Signer {
        name: name.into(),
        ring: ring(),
        schemes: schemes("schemes", &[scheme.into()]).unwrap(),
        cover_authority: true,
        cover_fields: Vec::new(),
    };
    signer.check_receiver(receiver).map_err(|error| error.to_string())
}

#[test]
fn a_receiver_needs_the_key_of_its_pair() {
    receiver("agent", "message", "practices").unwrap();
    receiver("agent_service", "pairwise", "practices_service").unwrap();
    let near = receiver("agent", "message", "practises").unwrap_err();
    assert_eq!(near, "receiver: no key for the pair of agent and practises; did you mean practices?");
    assert!(receiver("agent", "message", "reports").unwrap_err().contains("add a key for the pair"));
    assert!(receiver("agent", "message", "").unwrap_err().contains("set it to the service that agent calls"));
}

#[test]
fn a_client_key_needs_no_receiver_except_for_pairwise() {
    receiver("cli", "message", "").unwrap();
    receiver("cli", "client", "anything").unwrap();
    assert!(receiver("cli", "pairwise", "practices").unwrap_err().starts_with("receiver: "));
}
