//! Modes that several verifiers can share.

use sealwire_host::{ModesConfig, SharedModes};

use crate::error::{Result, explained};
use crate::memory::call;
use crate::objects::{self, Object};
use crate::values::Properties;

/// Creates modes from the `mode`, `senders` (a list of alternating names and modes) and `observeOnly` settings.
#[unsafe(no_mangle)]
extern "C" fn sealwire_modes() -> i32 {
    call(|input, _| objects::put(Object::Modes(SharedModes::new(read(input)?))))
}

/// Writes the current modes in the format of [`show`].
#[unsafe(no_mangle)]
extern "C" fn sealwire_modes_now(modes: u32) -> i32 {
    call(|_, output| {
        show(&objects::modes(modes)?.load(), output);
        Ok(0)
    })
}

/// Replaces all modes. If the new modes differ from the previous modes, returns 1 and writes the previous modes. Otherwise
/// returns 0.
#[unsafe(no_mangle)]
extern "C" fn sealwire_replace_modes(modes: u32) -> i32 {
    call(|input, output| {
        let change = objects::modes(modes)?.replace(read(input)?);
        if let Some((before, _)) = &change {
            show(before, output);
        }
        Ok(change.is_some().into())
    })
}

/// Returns how many times the modes were changed.
#[unsafe(no_mangle)]
extern "C" fn sealwire_mode_changes(modes: u32) -> i32 {
    call(|_, _| Ok(u32::try_from(objects::modes(modes)?.changes()).unwrap_or(u32::MAX)))
}

fn read(json: &[u8]) -> Result<sealwire_core::Modes> {
    let mut spec = Properties::parse(json)?;
    let config = ModesConfig {
        mode: spec.text("mode")?,
        senders: spec.pairs("senders")?,
        observe_only: spec.flag("observeOnly")?,
    };
    config.into_modes().map_err(|cause| explained(&cause))
}

/// Writes the mode of the service, and then the name and mode of each sender, joined with line breaks.
fn show(modes: &sealwire_core::Modes, output: &mut Vec<u8>) {
    let senders = modes.senders.iter().flat_map(|(name, mode)| [name.as_str(), mode.name()]);
    let all: Vec<_> = core::iter::once(modes.service.name()).chain(senders).collect();
    output.extend_from_slice(all.join("\n").as_bytes());
}
