//! Tests that modes can be replaced at run time, and that no request is verified with a mixture of old and
//! new modes.

#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use sealwire_core::keys::{KeyName, KeyRingBuilder, Strength, Version};
use sealwire_core::{Mode, Modes, Rejection, Request};
use sealwire_host::{ModesConfig, SenderConfig, SharedModes, SharedRing, Verifier, VerifierConfig, now_ms};

fn modes(service: &str, senders: &[(&str, &str)]) -> Modes {
    let senders = senders.iter().map(|(name, mode)| ((*name).to_owned(), (*mode).to_owned())).collect();
    ModesConfig { mode: Some(service.to_owned()), senders, observe_only: false }.into_modes().unwrap()
}

fn verifier(mode: &str) -> Verifier {
    let sender =
        SenderConfig { name: "agent".into(), mode: Some("observe".into()), ..SenderConfig::default() };
    let config = VerifierConfig {
        service: "practices".into(),
        mode: Some(mode.into()),
        senders: vec![sender],
        ..VerifierConfig::default()
    };
    let mut ring = KeyRingBuilder::new(Strength::Required);
    let versions = [Version { number: 1, secret: b"a secret of thirty-two bytes or more" }];
    ring.add(KeyName::Pair("agent", "practices"), &versions, 1).unwrap();
    Verifier::new(config.into_policy().unwrap(), SharedRing::new(ring.build()), None)
}

fn unsigned(verifier: &Verifier) -> Rejection {
    let request = Request { method: b"GET", target: b"/", authority: b"a", scheme: b"https", headers: &[] };
    verifier.verify(&request, b"", now_ms()).unwrap_err()
}

#[test]
fn a_verifier_starts_with_its_modes_and_uses_replacements() {
    let verifier = verifier("enforce");
    assert_eq!(**verifier.modes().load(), modes("enforce", &[("agent", "observe")]));
    assert_eq!(unsigned(&verifier).mode, Mode::Enforce);
    let (before, after) = verifier.modes().replace(modes("observe", &[("agent", "enforce")])).unwrap();
    assert_eq!((before.of("agent"), after.of("agent")), (Mode::Observe, Mode::Enforce));
    assert_eq!(unsigned(&verifier).mode, Mode::Observe);
    verifier.modes().replace(modes("off", &[]));
    assert_eq!(unsigned(&verifier).mode, Mode::Off);

    let stats = verifier.stats();
    let total = |counts: &[(_, u64)]| counts.iter().map(|(_, count)| count).sum::<u64>();
    assert_eq!((total(&stats.rejected), total(&stats.observed)), (1, 1));
    assert_eq!(verifier.modes().changes(), 2);
}

#[test]
fn verifiers_share_modes_and_equal_modes_are_not_counted_as_a_change() {
    let shared = SharedModes::new(modes("observe", &[]));
    let verifiers = [verifier("enforce"), verifier("off")].map(|verifier| verifier.under(shared.clone()));
    assert!(verifiers.iter().all(|verifier| unsigned(verifier).mode == Mode::Observe));
    assert!(shared.replace(modes("enforce", &[("b", "off"), ("a", "off")])).is_some());
    assert!(verifiers.iter().all(|verifier| unsigned(verifier).mode == Mode::Enforce));
    assert!(shared.replace(modes("enforce", &[("a", "off"), ("b", "off")])).is_none());
    assert_eq!(shared.changes(), 1);
}

#[test]
fn after_observe_only_no_replacement_sets_the_mode_enforce() {
    let shared = SharedModes::new(modes("enforce", &[("agent", "off")]));
    shared.observe_only();
    assert_eq!(**shared.load(), modes("observe", &[("agent", "off")]));
    assert!(shared.replace(modes("enforce", &[("agent", "enforce")])).is_some());
    assert_eq!(**shared.load(), modes("observe", &[("agent", "observe")]));
}

#[test]
fn modes_are_configured_in_one_place_only() {
    let shared = SharedModes::new(modes("observe", &[("agent", "enforce")]));
    let config = VerifierConfig {
        service: "practices".into(),
        modes: Some(shared.clone()),
        observe_only: true,
        ..VerifierConfig::default()
    };
    let twice = VerifierConfig { mode: Some("observe".into()), ..config.clone() };
    let expected = "modes: set all modes in modes, or in mode and senders, not in both";
    assert_eq!(twice.into_parts().unwrap_err().to_string(), expected);
    let (policy, modes) = config.into_parts().unwrap();
    assert!(Arc::ptr_eq(&modes, &shared));
    assert_eq!(policy.modes.of("agent"), Mode::Observe, "held by the environment");
}

#[test]
fn the_error_for_an_invalid_mode_contains_the_mode() {
    let refused = |mode: &str, senders: &[(&str, &str)]| {
        let senders = senders.iter().map(|(name, mode)| ((*name).to_owned(), (*mode).to_owned())).collect();
        let config = ModesConfig { mode: Some(mode.to_owned()), senders, observe_only: false };
        config.into_modes().unwrap_err().to_string()
    };
    assert_eq!(refused("Observe", &[]), "mode: mode \"Observe\" is not one of off, observe, enforce");
    let expected = "senders.agent: mode \"on\" is not one of off, observe, enforce";
    assert_eq!(refused("observe", &[("agent", "on")]), expected);
}

#[test]
fn requests_use_either_the_old_or_the_new_modes_and_never_a_mixture() {
    let (old, new) = (modes("enforce", &[("agent", "enforce")]), modes("observe", &[("agent", "observe")]));
    let shared = SharedModes::new(old.clone());
    let (done, start) = (AtomicBool::new(false), Arc::new(Barrier::new(3)));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                start.wait();
                while !done.load(Ordering::Relaxed) {
                    let now = shared.load();
                    assert_eq!(now.of("agent"), now.of("anybody"));
                }
            });
        }
        start.wait();
        for _ in 0..20_000 {
            shared.replace(new.clone());
            shared.replace(old.clone());
        }
        done.store(true, Ordering::Relaxed);
    });
}
