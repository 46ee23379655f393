//! Modes that several verifiers can share.

use std::sync::Arc;

use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_host::{ModesConfig, SharedModes};

use crate::error::{Result, explained};

/// Modes that several verifiers can share.
pub type Modes = Arc<SharedModes>;

/// The modes to set.
#[napi(object, object_to_js = false)]
pub struct ModesSpec {
    /// The mode of the service.
    pub mode: Option<String>,
    /// The modes of individual senders. Each array contains the name of a sender and its mode.
    pub senders: Vec<Vec<String>>,
    /// Whether every `enforce` mode is changed to `observe`.
    pub observe_only: bool,
}

/// The modes at the time of the call.
#[napi(object, object_from_js = false)]
pub struct ModesNow {
    /// The mode of the service.
    pub mode: &'static str,
    /// The modes of individual senders. Each array contains the name of a sender and its mode.
    pub senders: Vec<Vec<String>>,
}

/// Creates shared modes.
#[napi(catch_unwind)]
pub fn new_modes(spec: ModesSpec) -> Result<External<Modes>> {
    Ok(External::new(SharedModes::new(read(spec)?)))
}

/// Returns the current modes.
#[napi(catch_unwind)]
pub fn modes_now(modes: &External<Modes>) -> ModesNow {
    shown(&modes.load())
}

/// Replaces all modes atomically. Returns the previous modes if the new modes differ from them.
#[napi(catch_unwind)]
pub fn replace_modes(modes: &External<Modes>, spec: ModesSpec) -> Result<Option<ModesNow>> {
    Ok(modes.replace(read(spec)?).map(|(before, _)| shown(&before)))
}

/// Returns how many times the modes were changed.
#[napi(catch_unwind)]
pub fn mode_changes(modes: &External<Modes>) -> u32 {
    u32::try_from(modes.changes()).unwrap_or(u32::MAX)
}

fn read(spec: ModesSpec) -> Result<sealwire_core::Modes> {
    let named = |pair: Vec<String>| {
        let [name, mode] = <[String; 2]>::try_from(pair).ok()?;
        Some((name, mode))
    };
    let senders = spec.senders.into_iter().filter_map(named).collect();
    let config = ModesConfig { mode: spec.mode, senders, observe_only: spec.observe_only };
    config.into_modes().map_err(|cause| explained(&cause))
}

fn shown(modes: &sealwire_core::Modes) -> ModesNow {
    let senders = modes.senders.iter().map(|(name, mode)| vec![name.as_str().into(), mode.name().into()]);
    ModesNow { mode: modes.service.name(), senders: senders.collect() }
}
