//! Modes, shared by the verifiers that use them.

use std::sync::Arc;

use napi::bindgen_prelude::External;
use napi_derive::napi;
use sealwire_host::{ModesConfig, SharedModes};

use crate::error::{Result, explained};

/// Modes that verifiers follow.
pub type Modes = Arc<SharedModes>;

/// Modes in the words people write.
#[napi(object, object_to_js = false)]
pub struct ModesSpec {
    /// The service's.
    pub mode: Option<String>,
    /// Those of single senders: name and mode in turn.
    pub senders: Vec<Vec<String>>,
    /// Whether every `enforce` becomes `observe`.
    pub observe_only: bool,
}

/// Modes at one moment.
#[napi(object, object_from_js = false)]
pub struct ModesNow {
    /// The service's.
    pub mode: &'static str,
    /// Those of single senders: name and mode in turn.
    pub senders: Vec<Vec<String>>,
}

/// Shares modes.
#[napi(catch_unwind)]
pub fn new_modes(spec: ModesSpec) -> Result<External<Modes>> {
    Ok(External::new(SharedModes::new(read(spec)?)))
}

/// The modes as they stand.
#[napi(catch_unwind)]
pub fn modes_now(modes: &External<Modes>) -> ModesNow {
    shown(&modes.load())
}

/// Replaces all modes atomically, and returns the earlier ones if they differ.
#[napi(catch_unwind)]
pub fn replace_modes(modes: &External<Modes>, spec: ModesSpec) -> Result<Option<ModesNow>> {
    Ok(modes.replace(read(spec)?).map(|(before, _)| shown(&before)))
}

/// How often they changed.
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
